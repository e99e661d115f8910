package io.sluice.node.http;

/** Byte classes and comparisons of RFC 9110 that the codec needs. */
final class Tokens {

    private static final byte TOKEN = 1;
    private static final byte FIELD = 2;
    private static final byte TARGET = 4;
    private static final byte[] CLASSES = classes();

    private Tokens() {}

    /** A char of a token (field names). */
    static boolean token(byte b) {
        return (CLASSES[b & 0xFF] & TOKEN) != 0;
    }

    /** A char of a field value: visible, space, tab or obs-text. */
    static boolean field(byte b) {
        return (CLASSES[b & 0xFF] & FIELD) != 0;
    }

    /** A byte that may stand in a request target: visible ASCII or above 127. */
    static boolean target(byte b) {
        return (CLASSES[b & 0xFF] & TARGET) != 0;
    }

    /** Whether the bytes are the lower-case ASCII word, ignoring case. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            int c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a comma-separated list has the lower-case word as an element, parameters ignored. */
    static boolean listHas(byte[] bytes, int from, int to, String word) {
        int start = from;
        while (start < to) {
            int end = start;
            while (end < to && bytes[end] != ',') {
                end++;
            }
            int a = start;
            int b = end;
            while (a < b && (bytes[a] == ' ' || bytes[a] == '\t')) {
                a++;
            }
            for (int i = a; i < b; i++) {
                if (bytes[i] == ';') {
                    b = i;
                }
            }
            while (b > a && (bytes[b - 1] == ' ' || bytes[b - 1] == '\t')) {
                b--;
            }
            if (equalsIgnoreCase(bytes, a, b, word)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    /** Whether a comma-separated list has the name as an element, ignoring case. */
    static boolean listHas(byte[] list, int from, int to, byte[] name, int nameFrom, int nameTo) {
        int length = nameTo - nameFrom;
        int start = from;
        while (start < to) {
            int end = start;
            while (end < to && list[end] != ',') {
                end++;
            }
            int a = start;
            int b = end;
            while (a < b && (list[a] == ' ' || list[a] == '\t')) {
                a++;
            }
            while (b > a && (list[b - 1] == ' ' || list[b - 1] == '\t')) {
                b--;
            }
            boolean same = b - a == length;
            for (int i = 0; same && i < length; i++) {
                same = lower(list[a + i]) == lower(name[nameFrom + i]);
            }
            if (same) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 0; c < 256; c++) {
            int bits = 0;
            if (io.sluice.node.plugin.HeaderName.tokenChar(c)) {
                bits |= TOKEN;
            }
            if (c == '\t' || c >= ' ' && c != 127) {
                bits |= FIELD;
            }
            if (c > ' ' && c != 127) {
                bits |= TARGET;
            }
            classes[c] = (byte) bits;
        }
        return classes;
    }
}
