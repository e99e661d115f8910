package io.sluice.state.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host name or address with an optional port, as configuration writes it: {@code a.b}, {@code a.b:80}, {@code 1.2.3.4:80},
 * {@code ::1}, {@code [::1]:80}. Immutable.
 *
 * @param host the name as given, an IPv4 address without leading zeros, or an IPv6 address of eight groups of four lower-case
 *     hex digits, without brackets
 * @param port as given, at most {@link #TOO_HIGH}; null if there is none
 */
public record HostPort(Kind kind, String host, @Nullable Integer port) {

    /** Stands for every port beyond 65535. */
    public static final int TOO_HIGH = 65_536;

    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]*)\\](?::([0-9]+))?");

    /** What the host is. */
    public enum Kind {
        NAME,
        IPV4,
        IPV6
    }

    /** Reads it; empty if the host is no valid name or address. */
    public static Optional<HostPort> parse(String text) {
        if (text.startsWith("[")) {
            Matcher bracketed = BRACKETED.matcher(text);
            return bracketed.matches() ? version6(bracketed.group(1), bracketed.group(2)) : Optional.empty();
        }
        if (text.indexOf(':') != text.lastIndexOf(':')) {
            return version6(text, null);
        }
        int colon = text.indexOf(':');
        boolean hasPort = colon >= 0 && colon + 1 < text.length() && isMadeOf(text, colon + 1, "0123456789");
        String host = hasPort ? text.substring(0, colon) : text;
        Integer port = hasPort ? number(text.substring(colon + 1)) : null;
        if (!host.isEmpty() && isMadeOf(host, 0, "0123456789.")) {
            return version4(host).map(address -> new HostPort(Kind.IPV4, address, port));
        }
        return isName(host) ? Optional.of(new HostPort(Kind.NAME, host, port)) : Optional.empty();
    }

    /** Whether there is no port beyond 65535. */
    public boolean portInRange() {
        return port == null || port < TOO_HIGH;
    }

    /** {@code host:port} with IPv6 in brackets; the given port if there is none. */
    public String withPort(int otherwise) {
        return (kind == Kind.IPV6 ? "[" + host + "]" : host) + ":" + (port == null ? otherwise : port);
    }

    private static boolean isMadeOf(String text, int from, String characters) {
        for (int i = from; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Labels of letters, digits, - and _ with a dot between them; none ends in a dash, only the last may be empty. */
    private static boolean isName(String name) {
        int label = 0;
        for (int i = 0; i <= name.length(); i++) {
            char c = i == name.length() ? '.' : name.charAt(i);
            if (c == '.') {
                boolean rootDot = i == name.length() && label > 0;
                if (label == i ? !rootDot : name.charAt(i - 1) == '-') {
                    return false;
                }
                label = i + 1;
            } else if (!(c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '_'
                    || c == '-')) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> version4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        int[] numbers = new int[4];
        for (int i = 0; i < 4; i++) {
            numbers[i] = parts[i].isEmpty() || parts[i].length() > 3 ? 256 : Integer.parseInt(parts[i]);
            if (numbers[i] > 255) {
                return Optional.empty();
            }
        }
        return Optional.of(numbers[0] + "." + numbers[1] + "." + numbers[2] + "." + numbers[3]);
    }

    private static Optional<HostPort> version6(String text, @Nullable String port) {
        byte[] bytes = Cidr.addressBytes(text).orElse(new byte[0]);
        if (bytes.length != 16) {
            return Optional.empty();
        }
        StringBuilder groups = new StringBuilder(39);
        for (int i = 0; i < 16; i++) {
            if (i > 0 && i % 2 == 0) {
                groups.append(':');
            }
            groups.append(Character.forDigit(bytes[i] >> 4 & 15, 16)).append(Character.forDigit(bytes[i] & 15, 16));
        }
        return Optional.of(new HostPort(Kind.IPV6, groups.toString(), port == null ? null : number(port)));
    }

    private static Integer number(String digits) {
        return digits.length() > 9 ? TOO_HIGH : Math.min(TOO_HIGH, Integer.parseInt(digits));
    }
}
