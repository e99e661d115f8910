package io.sluice.state.model.schema;

import io.sluice.state.model.Cidr;
import io.sluice.state.model.HostPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** The kinds of text that several schemas share: names, hosts, paths, addresses. Messages are Kong's. */
public final class TextRules {

    private TextRules() {}

    /** The name of an entity: letters, digits, {@code . - _ ~} and whatever is beyond ASCII. */
    public static Rule name() {
        return rule(
                "utf8_name",
                text -> allOf(text, TextRules::isOfName)
                        ? wellFormed(text)
                        : "invalid value '" + text
                                + "': the only accepted ascii characters are alphanumerics or ., -, _, and ~");
    }

    /** A tag: printable, without comma and slash. */
    public static Rule tag() {
        return rule(
                "tag",
                text -> allOf(text, TextRules::isOfTag)
                        ? wellFormed(text)
                        : "invalid tag '" + text
                                + "': expected printable ascii (except `,` and `/`) or valid utf-8 sequences");
    }

    /** A request method. */
    public static Rule method() {
        return rule("http_method", text -> allOf(text, TextRules::isOfMethod) ? "" : "invalid value: " + text);
    }

    /** A host name or address without port. */
    public static Rule host() {
        return rule("host", TextRules::hostError);
    }

    /** A host name or address, with or without port. */
    public static Rule hostWithOptionalPort() {
        return rule("host_with_optional_port", TextRules::optionalPortError);
    }

    /** A server name: no address, no port. */
    public static Rule sni() {
        return rule("sni", TextRules::sniError);
    }

    /** A server name that may begin or end with a wildcard. */
    public static Rule wildcardHost() {
        return rule("wildcard_host", TextRules::wildcardHostError);
    }

    /** A route's host: at most one wildcard, as the whole leftmost or rightmost label; with or without port. */
    public static Rule routeHost() {
        return rule("route_host", text -> {
            int wildcard = text.indexOf('*');
            if (wildcard != text.lastIndexOf('*')) {
                return "invalid wildcard: must have at most one wildcard";
            }
            return wildcard < 0 || text.startsWith("*.") || text.endsWith(".*")
                    ? optionalPortError(text.replace("*", "abc"))
                    : "invalid wildcard: must be placed at leftmost or rightmost label";
        });
    }

    /** An address or a block of addresses. */
    public static Rule ipOrCidr() {
        return rule(
                "ip_or_cidr", text -> Cidr.parse(text).isPresent() ? "" : "invalid ip or cidr range: '" + text + "'");
    }

    /** An address. */
    public static Rule ip() {
        return rule("ip", text -> Cidr.isAddress(text) ? "" : "not an ip address: " + text);
    }

    /** An absolute path in the characters of RFC 3986. */
    public static Rule path() {
        return rule("path", text -> {
            if (!text.startsWith("/")) {
                return "should start with: /";
            }
            if (text.contains("//")) {
                return "must not have empty segments";
            }
            return allOf(text, TextRules::isOfPath)
                    ? escapeError(text)
                    : "invalid path: '" + text + "' (characters outside of the reserved list of RFC 3986 found)";
        });
    }

    /** A route's path: a prefix in normal form or {@code ~} and a regular expression, which is not compiled here. */
    public static Rule routePath() {
        return rule("router_path", text -> {
            boolean regex = text.startsWith("~/");
            if (!regex && !text.startsWith("/")) {
                return "should start with: / (fixed path) or ~/ (regex path)";
            }
            if (text.contains("//")) {
                return "must not have empty segments";
            }
            String broken = escapeError(text);
            if (regex || !broken.isEmpty()) {
                return regex ? "" : broken;
            }
            String normal = PathForm.normalize(text);
            return normal.equals(text) ? "" : "non-normalized path, consider use '" + normal + "' instead";
        });
    }

    /** A URL with scheme and host. */
    public static Rule url() {
        return rule("url", text -> {
            try {
                URI uri = new URI(text);
                if (uri.getRawAuthority() == null || uri.getRawAuthority().isEmpty()) {
                    return "missing host in url";
                }
                return uri.getScheme() == null ? "missing scheme in url" : "";
            } catch (URISyntaxException e) {
                return "could not parse url";
            }
        });
    }

    /** A rule whose test gives the error message, empty if the text is fine. */
    public static Rule rule(String attribute, Function<String, String> test) {
        return new Rule(attribute, true, value -> {
            String error = test.apply((String) value);
            return error.isEmpty() ? Optional.empty() : Optional.of(error);
        });
    }

    private static boolean isOfName(int c) {
        return c >= 0x80 || isLetterOrDigit(c) || "._~-".indexOf(c) >= 0;
    }

    private static boolean isOfTag(int c) {
        return c >= 0x80 || c >= ' ' && c <= '~' && c != ',' && c != '/';
    }

    private static boolean isOfMethod(int c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isOfPath(int c) {
        return isLetterOrDigit(c) || "._~/%:@!$&'()*+,;=-".indexOf(c) >= 0;
    }

    /**
     * Whether there is something and all of it is so. No regular expression: at a start a hundred thousand texts are read, by code that
     * is still interpreted.
     */
    static boolean allOf(String text, IntPredicate fits) {
        for (int i = 0; i < text.length(); i++) {
            if (!fits.test(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isLetterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static String hostError(String text) {
        Optional<HostPort> host = HostPort.parse(text);
        if (host.isEmpty()) {
            return "invalid value: " + text;
        }
        return host.get().port() == null ? "" : "must not have a port";
    }

    private static String optionalPortError(String text) {
        Optional<HostPort> host = HostPort.parse(text);
        if (host.isPresent()) {
            return host.get().portInRange() ? "" : "invalid port number";
        }
        return (text.indexOf(':') != text.lastIndexOf(':') ? "invalid ipv6 address: " : "invalid hostname: ") + text;
    }

    private static String sniError(String text) {
        Optional<HostPort> host = HostPort.parse(text);
        boolean address = host.isPresent() && host.get().kind() != HostPort.Kind.NAME;
        return address ? "must not be an IP" : hostError(text);
    }

    private static String wildcardHostError(String text) {
        int at = text.indexOf('*');
        if (at > 0 && at < text.length() - 1) {
            return "wildcard must be leftmost or rightmost character";
        }
        return at == text.lastIndexOf('*')
                ? sniError(text.replace("*", "wildcard"))
                : "only one wildcard must be specified";
    }

    private static String escapeError(String text) {
        String broken = PathForm.brokenEscape(text);
        return broken.isEmpty() ? "" : "invalid url-encoded value: '" + broken + "'";
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isSurrogate(c) && !pair) {
                return "invalid utf-8 character sequence detected at position " + (i + 1);
            }
            i += pair ? 1 : 0;
        }
        return "";
    }
}
