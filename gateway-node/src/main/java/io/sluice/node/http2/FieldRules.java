package io.sluice.node.http2;

/**
 * What makes a field of an HTTP/2 message malformed (RFC 9113 section 8.2). Everything that could mean something else in
 * HTTP/1.1 is: line ends above all.
 */
final class FieldRules {

    private static final String[] OF_CONNECTION = {
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"
    };

    private FieldRules() {}

    /** Whether a field that is no pseudo-field may stand in a message. */
    static boolean allowed(byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
        if (nameFrom == nameTo || !value(value, valueFrom, valueTo)) {
            return false;
        }
        for (int i = nameFrom; i < nameTo; i++) {
            if (!nameByte(name[i])) {
                return false;
            }
        }
        return !ofConnection(name, nameFrom, nameTo)
                && (!is(name, nameFrom, nameTo, "te") || is(value, valueFrom, valueTo, "trailers"));
    }

    /** Whether it would be a field of a connection, which HTTP/2 does not have. */
    static boolean ofConnection(byte[] name, int from, int to) {
        for (String one : OF_CONNECTION) {
            if (is(name, from, to, one)) {
                return true;
            }
        }
        return false;
    }

    /** Whether all bytes may stand in a value. */
    static boolean value(byte[] value, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = value[i];
            if (b >= 0 && b < ' ' && b != '\t' || b == 127) {
                return false;
            }
        }
        return true;
    }

    private static boolean nameByte(byte b) {
        if (b >= 'a' && b <= 'z' || b >= '0' && b <= '9') {
            return true;
        }
        return switch (b) {
            case '!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~' -> true;
            default -> false;
        };
    }

    /** Whether the bytes are the word. */
    static boolean is(byte[] bytes, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The number that a Content-Length says.
     *
     * @return -1 if it says none
     */
    static long length(byte[] value, int from, int to) {
        if (from == to || to - from > 18) {
            return -1;
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            int digit = value[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            length = length * 10 + digit;
        }
        return length;
    }
}
