package io.sluice.node.plugin;

import java.nio.charset.StandardCharsets;

/** Text as the wire carries it, one char per byte, and as people write it. */
public final class Octets {

    private Octets() {}

    /** The UTF-8 bytes of the text, one char each. */
    public static String of(String text) {
        return ascii(text) ? text : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The UTF-8 text that the bytes are; bytes that are none become U+FFFD. */
    public static String text(String octets) {
        return ascii(octets)
                ? octets
                : new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static boolean ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
