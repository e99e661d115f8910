package io.sluice.node.proxy;

import java.nio.charset.StandardCharsets;

/** Texts as header values carry them: one char per byte. */
final class Latin1 {

    private Latin1() {}

    /** The UTF-8 bytes of the text, one char each; control chars become question marks. */
    static String ofUtf8(String text) {
        boolean plain = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain &= c >= ' ' && c < 127;
        }
        if (plain) {
            return text;
        }
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return bytes.replace('\r', '?').replace('\n', '?').replace('\0', '?');
    }
}
