package io.sluice.node.proxy;

import io.sluice.node.http.EventLoop;
import io.sluice.node.http.HeadLimits;
import io.sluice.node.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads request heads and keeps the bytes of the current one until its exchange has ended. Reused. */
final class HeadIntake {

    private static final int FIRST_LOOK = 8 * 1024;
    private static final int LONGEST_LINE = 2 * 1024;

    private final EventLoop loop;
    private final HeadLimits limits;
    private byte @Nullable [] kept;
    private String refusedLine = "";

    HeadIntake(EventLoop loop, HeadLimits limits) {
        this.loop = loop;
        this.limits = limits;
    }

    /**
     * Reads a head and consumes its bytes; a refused one consumes everything.
     *
     * @return as {@link RequestHead#parse}
     */
    int read(ByteBuffer bytes, RequestHead head) {
        int available = bytes.hasArray() ? bytes.remaining() : Math.min(bytes.remaining(), FIRST_LOOK);
        byte[] array = bytes.hasArray() ? bytes.array() : loop.scratch();
        int from = bytes.hasArray() ? bytes.arrayOffset() + bytes.position() : 0;
        if (!bytes.hasArray()) {
            bytes.get(bytes.position(), array, 0, available);
        }
        int end = head.parse(array, from, from + available, limits);
        if (end == 0 && available < bytes.remaining()) {
            available = bytes.remaining();
            bytes.get(bytes.position(), array, 0, available);
            end = head.parse(array, from, available, limits);
        }
        if (end > 0) {
            bytes.position(bytes.position() + end - from);
            byte[] own = loop.headBuffers().take(head.length());
            head.moveTo(own);
            kept = own;
        } else if (end < 0) {
            refusedLine = firstLine(array, from, from + available);
            bytes.position(bytes.limit());
        }
        return end;
    }

    /** A head has been refused before it came here. */
    void refuse(String line) {
        refusedLine = line;
    }

    /** The first line of the head that was refused last, for the log; "" once it was asked for. */
    String refusedLine() {
        String line = refusedLine;
        refusedLine = "";
        return line;
    }

    private static String firstLine(byte[] bytes, int from, int to) {
        int start = to - from > 1 && bytes[from] == '\r' && bytes[from + 1] == '\n' ? from + 2 : from;
        int last = Math.min(to, start + LONGEST_LINE);
        int end = start;
        while (end < last && bytes[end] != '\r' && bytes[end] != '\n') {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** The exchange has ended, but a plugin may still read its head: the bytes are left to it. */
    void abandon() {
        kept = null;
    }

    /** The exchange has ended. */
    void clear() {
        byte[] own = kept;
        if (own != null) {
            kept = null;
            loop.headBuffers().give(own);
        }
    }
}
