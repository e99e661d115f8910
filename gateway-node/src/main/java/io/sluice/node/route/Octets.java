package io.sluice.node.route;

import java.nio.charset.StandardCharsets;

/**
 * Text as the wire carries it: one character per byte (ISO-8859-1). Requests arrive in this form, so what people configured
 * as text is brought into it once, when a table is built.
 */
final class Octets {

    private Octets() {}

    /** The UTF-8 bytes of the text, one character each; the text itself if it is ASCII. */
    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return text;
    }

    /** ASCII letters in lower case, everything else kept; the text itself if there is nothing to change. */
    static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                return lowerFrom(text, i);
            }
        }
        return text;
    }

    private static String lowerFrom(String text, int first) {
        char[] lower = text.toCharArray();
        for (int i = first; i < lower.length; i++) {
            if (isUpper(lower[i])) {
                lower[i] = (char) (lower[i] + ('a' - 'A'));
            }
        }
        return new String(lower);
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
