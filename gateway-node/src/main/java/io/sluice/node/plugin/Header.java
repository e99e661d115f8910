package io.sluice.node.plugin;

import java.nio.charset.StandardCharsets;

/** A field line; the value has no CR, LF or NUL and is one char per byte (ISO 8859-1). */
public record Header(HeaderName name, String value) {

    public Header {
        HeaderName.requireValue(value);
    }

    /** Any text as a header value: its UTF-8 bytes as chars, CR, LF and NUL as question marks. */
    public static String encoded(String text) {
        boolean plain = true;
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            plain = c < 128 && c != '\r' && c != '\n' && c != 0;
        }
        if (plain) {
            return text;
        }
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return oneLine(bytes);
    }

    /** Bytes, one char each, as a header value: CR, LF and NUL become question marks. */
    public static String oneLine(String octets) {
        return octets.replace('\r', '?').replace('\n', '?').replace('\0', '?');
    }
}
