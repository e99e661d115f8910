package io.sluice.node.route;

import io.sluice.state.model.Route;
import io.sluice.state.model.Route.PathHandling;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.Service;
import org.jspecify.annotations.Nullable;

/** The path sent upstream: the service's path joined with what is left of the request's, by Kong's rules. */
public final class UpstreamPath {
    private static final String SAFE_PUNCTUATION = "!$&'()*+,/:;=?@[]-_.~%";
    private static final String QUERY_PUNCTUATION = "!$&'()*+,/:;=?@-._~";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final boolean[] SAFE = new boolean[0x80];
    private static final boolean[] QUERY = new boolean[0x80];

    static {
        for (char c = 0; c < SAFE.length; c++) {
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            boolean plain = letter || c >= '0' && c <= '9';
            SAFE[c] = plain || SAFE_PUNCTUATION.indexOf(c) >= 0;
            QUERY[c] = plain || QUERY_PUNCTUATION.indexOf(c) >= 0;
        }
    }

    private UpstreamPath() {}

    /**
     * The path for the upstream, ready to be sent; the query follows it unchanged.
     *
     * @param path the request's normalised path
     * @param flavor only {@code traditional} knows path handling v1; elsewhere it is v0, as in Kong
     * @return the same object as {@code path} if nothing changes
     */
    public static String of(RouteMatch match, String path, RouterFlavor flavor) {
        Route route = match.route();
        String base = base(match.service());
        if (!route.stripPath() && base.equals("/")) {
            return encode(path);
        }
        boolean v1 = route.pathHandling() == PathHandling.V1 && flavor == RouterFlavor.TRADITIONAL;
        if (route.stripPath()) {
            String rest = rest(path, match.matchedLength());
            return encode(v1 ? stripV1(base, rest) : stripV0(base, rest, path));
        }
        return encode(v1 ? base + path.substring(1) : keepV0(base, path));
    }

    /** The text with every character escaped that must not stand in a request target; what is escaped already is kept. */
    public static String encode(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (!isSafe(path.charAt(i))) {
                return encodeFrom(path, i);
            }
        }
        return path;
    }

    /**
     * A query that a plugin made, with everything escaped that the grammar of queries lacks (RFC 3986 section 3.4), a percent
     * sign that begins no escape included; what is escaped already is kept.
     */
    public static String encodeQuery(String query) {
        String octets = isOctets(query) ? query : Octets.of(query);
        StringBuilder encoded = null;
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            boolean kept = c < QUERY.length && QUERY[c] || c == '%' && escapeAt(octets, i);
            if (!kept && encoded == null) {
                encoded = new StringBuilder(octets.length() + 16).append(octets, 0, i);
            }
            if (encoded != null && kept) {
                encoded.append(c);
            } else if (encoded != null) {
                encoded.append('%').append(HEX[c >> 4]).append(HEX[c & 0xF]);
            }
        }
        return encoded == null ? octets : encoded.toString();
    }

    /** A value that becomes part of a path: as {@link #encodeQuery}, and it cannot begin a query either. */
    public static String encodeValue(String value) {
        return encodeQuery(value).replace("?", "%3F");
    }

    private static boolean escapeAt(String text, int percent) {
        return percent + 2 < text.length() && isHex(text.charAt(percent + 1)) && isHex(text.charAt(percent + 2));
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    private static String base(@Nullable Service service) {
        String path = service == null ? null : service.path();
        return path == null || path.isEmpty() ? "/" : path;
    }

    /** What the rule did not consume. A dot segment that only stripping brings to the front must not leave the base. */
    private static String rest(String path, int matched) {
        int start = matched > 0 ? matched : 1;
        if (path.startsWith("../", start)) {
            start += 3;
        } else if (path.startsWith("./", start)) {
            start += 2;
        } else if (path.startsWith("..", start) && path.length() == start + 2
                || path.startsWith(".", start) && path.length() == start + 1) {
            start = path.length();
        }
        return start >= path.length() ? "" : path.substring(start);
    }

    private static String stripV0(String base, String rest, String path) {
        boolean folder = path.endsWith("/");
        if (base.endsWith("/")) {
            if (rest.isEmpty()) {
                return folder || base.length() == 1 ? base : base.substring(0, base.length() - 1);
            }
            return rest.charAt(0) == '/' ? base + rest.substring(1) : base + rest;
        }
        if (rest.isEmpty()) {
            return folder && path.length() > 1 ? base + "/" : base;
        }
        return rest.charAt(0) == '/' ? base + rest : base + "/" + rest;
    }

    private static String keepV0(String base, String path) {
        if (base.endsWith("/")) {
            return base + path.substring(1);
        }
        return path.equals("/") ? base : base + path;
    }

    private static String stripV1(String base, String rest) {
        return base.endsWith("/") && rest.startsWith("/") ? base + rest.substring(1) : base + rest;
    }

    private static String encodeFrom(String path, int first) {
        String octets = isOctets(path) ? path : Octets.of(path);
        var encoded = new StringBuilder(octets.length() + 16).append(octets, 0, first);
        for (int i = first; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (isSafe(c)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX[c >> 4]).append(HEX[c & 0xF]);
            }
        }
        return encoded.toString();
    }

    /** A plugin may have put text in place of bytes. */
    private static boolean isOctets(String path) {
        return path.chars().allMatch(c -> c <= 0xFF);
    }

    private static boolean isSafe(char c) {
        return c < SAFE.length && SAFE[c];
    }
}
