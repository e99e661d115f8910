package io.sluice.node.http;

/** What may stand in a Host field or an authority: a registered name or address and an optional port (RFC 3986 section 3.2). */
public final class HostRule {

    private HostRule() {}

    /** Whether the bytes are a host with optional port; user information, spaces and lists are none. */
    public static boolean valid(byte[] bytes, int from, int to) {
        if (from == to) {
            return false;
        }
        int at = from;
        if (bytes[at] == '[') {
            while (at < to && bytes[at] != ']') {
                byte b = bytes[at++];
                if (b != '[' && b != ':' && b != '.' && Character.digit(b, 16) < 0) {
                    return false;
                }
            }
            if (at == to || at - from < 3) {
                return false;
            }
            at++;
        } else {
            while (at < to && nameByte(bytes[at])) {
                at++;
            }
            if (at == from) {
                return false;
            }
        }
        return at == to || bytes[at] == ':' && port(bytes, at + 1, to);
    }

    private static boolean nameByte(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~'
                || b == '*'
                || b == '!'
                || b == '%'
                || b < 0;
    }

    private static boolean port(byte[] bytes, int from, int to) {
        if (to - from > 5) {
            return false;
        }
        int port = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            port = port * 10 + digit;
        }
        return port <= 65535;
    }
}
