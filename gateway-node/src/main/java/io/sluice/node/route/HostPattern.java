package io.sluice.node.route;

import java.util.Locale;

/**
 * One entry of a route's hosts or server names: {@code a.example}, {@code *.example} or {@code a.*}, for hosts also with a
 * port.
 *
 * @param text lower-case; of a wildcard what remains without the asterisk; of an IPv6 address without brackets
 * @param port {@link #ANY_PORT} if none was given
 */
record HostPattern(Kind kind, String text, int port) {
    static final int ANY_PORT = -1;

    enum Kind {
        EXACT,
        /** The host ends with the text. */
        SUFFIX,
        /** The host begins with the text. */
        PREFIX
    }

    static HostPattern ofHost(String host) {
        int colon = host.startsWith("[") ? host.indexOf("]:") + 1 : host.indexOf(':');
        boolean hasPort = colon > 0 && colon == host.lastIndexOf(':') && isPort(host, colon + 1);
        int port = hasPort ? Integer.parseInt(host, colon + 1, host.length(), 10) : ANY_PORT;
        return of(withoutBrackets(hasPort ? host.substring(0, colon) : host), port);
    }

    /** A server name; the dot that may end one takes no part. */
    static HostPattern ofServerName(String name) {
        boolean dotted = name.length() > 1 && name.endsWith(".");
        return of(dotted ? name.substring(0, name.length() - 1) : name, ANY_PORT);
    }

    /** Hosts are compared without the brackets of an IPv6 address; the text itself if there are none. */
    static String withoutBrackets(String host) {
        boolean bracketed = host.length() > 2 && host.charAt(0) == '[' && host.charAt(host.length() - 1) == ']';
        return bracketed ? host.substring(1, host.length() - 1) : host;
    }

    boolean matches(String host) {
        return switch (kind) {
            case EXACT -> host.equals(text);
            case SUFFIX -> host.length() > text.length() && host.endsWith(text);
            case PREFIX -> host.length() > text.length() && host.startsWith(text);
        };
    }

    boolean isWildcard() {
        return kind != Kind.EXACT;
    }

    private static HostPattern of(String name, int port) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("*")) {
            return new HostPattern(Kind.SUFFIX, lower.substring(1), port);
        }
        if (lower.endsWith("*")) {
            return new HostPattern(Kind.PREFIX, lower.substring(0, lower.length() - 1), port);
        }
        return new HostPattern(Kind.EXACT, lower, port);
    }

    private static boolean isPort(String host, int from) {
        int digits = host.length() - from;
        for (int i = from; i < host.length(); i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return false;
            }
        }
        return digits >= 1 && digits <= 5;
    }
}
