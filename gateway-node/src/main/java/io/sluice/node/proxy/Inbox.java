package io.sluice.node.proxy;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes from the client that cannot be used yet: a part of a head, a pipelined request, a body that has to wait. */
final class Inbox {

    private @Nullable ByteBuffer waiting;

    boolean isEmpty() {
        ByteBuffer bytes = waiting;
        return bytes == null || !bytes.hasRemaining();
    }

    /** How many bytes wait. */
    int size() {
        ByteBuffer bytes = waiting;
        return bytes == null ? 0 : bytes.remaining();
    }

    /** The bytes that wait, to be consumed; null if there are none. */
    @Nullable
    ByteBuffer bytes() {
        return waiting;
    }

    /** Copies what is left in the buffer behind what waits. */
    void add(ByteBuffer bytes) {
        ByteBuffer before = waiting;
        int n = bytes.remaining();
        if (n == 0) {
            return;
        }
        if (before == null) {
            ByteBuffer first = ByteBuffer.allocate(n);
            first.put(bytes).flip();
            waiting = first;
        } else if (before.capacity() - before.limit() >= n) {
            int end = before.limit();
            before.limit(end + n);
            before.put(end, bytes, bytes.position(), n);
            bytes.position(bytes.limit());
        } else {
            int have = before.remaining();
            ByteBuffer larger = ByteBuffer.allocate(Math.max(have * 2, have + n));
            larger.put(before).put(bytes).flip();
            waiting = larger;
        }
    }

    /** Forgets the buffer once everything in it is used. */
    void trim() {
        ByteBuffer bytes = waiting;
        if (bytes != null && !bytes.hasRemaining()) {
            waiting = null;
        }
    }

    /** Whether any of the bytes is a line feed: without one a head does not become complete. */
    static boolean hasLineFeed(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) == '\n') {
                return true;
            }
        }
        return false;
    }
}
