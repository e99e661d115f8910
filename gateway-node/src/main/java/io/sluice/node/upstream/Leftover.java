package io.sluice.node.upstream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes that a socket has not taken yet. */
final class Leftover {

    private Leftover() {}

    /** What is left of an array from a place on, and the bytes behind it, which are consumed. */
    static byte[] joined(byte @Nullable [] rest, int from, ByteBuffer bytes) {
        int before = rest == null ? 0 : rest.length - from;
        byte[] next = new byte[before + bytes.remaining()];
        if (rest != null) {
            System.arraycopy(rest, from, next, 0, before);
        }
        bytes.get(next, before, bytes.remaining());
        return next;
    }
}
