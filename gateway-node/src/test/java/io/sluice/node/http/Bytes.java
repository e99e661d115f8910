package io.sluice.node.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Text as bytes and back, one char per byte. */
final class Bytes {

    private Bytes() {}

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static String text(ByteWriter writer) {
        return new String(writer.array(), 0, writer.length(), StandardCharsets.ISO_8859_1);
    }

    /** What was gathered; the buffer is empty afterwards. */
    static String text(OutBuffer out) {
        ByteBuffer gathered = out.flip();
        byte[] bytes = new byte[gathered.remaining()];
        gathered.get(bytes);
        out.clear();
        return text(bytes);
    }
}
