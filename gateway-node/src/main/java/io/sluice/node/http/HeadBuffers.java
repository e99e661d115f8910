package io.sluice.node.http;

import java.util.ArrayDeque;

/** Byte arrays that hold a message head while its exchange lasts, lent by a loop so that idle connections hold none. */
public final class HeadBuffers {

    /** The usual size; longer heads get arrays of their own. */
    public static final int BYTES = 4096;

    private static final int KEPT = 256;

    private final ArrayDeque<byte[]> free = new ArrayDeque<>();

    /** An array of at least the given length. */
    public byte[] take(int length) {
        byte[] kept = length <= BYTES ? free.pollLast() : null;
        return kept != null ? kept : new byte[Math.max(length, BYTES)];
    }

    /** Gives an array back; it must not be used any more. */
    public void give(byte[] bytes) {
        if (bytes.length == BYTES && free.size() < KEPT) {
            free.addLast(bytes);
        }
    }
}
