package io.sluice.node.http;

import io.sluice.node.plugin.BodyFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * Writes a body into an {@link OutBuffer} as it is read: as it is (its length is known or the connection's end marks its own),
 * chunk by chunk as the sender cut it, or cut anew. Reused; not thread-safe.
 */
public final class BodyWriter implements BodySink {

    /** How the body's end is made known to the receiver. */
    public enum Framing {
        /** By Content-Length or the end of the connection: bytes as they are. */
        PLAIN,
        /** Chunked, with the sender's chunks. */
        CHUNKS_KEPT,
        /** Chunked, one chunk per piece. */
        CHUNKS_NEW,
        /** No body may be written (HEAD, 204, 304). */
        NONE
    }

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final ByteWriter line = new ByteWriter(32);
    private OutBuffer out;
    private Framing framing = Framing.NONE;
    private List<BodyFilter> filters = List.of();
    private long written;

    public BodyWriter(OutBuffer out) {
        this.out = out;
    }

    /** Prepares for the next body. */
    public void start(OutBuffer target, Framing newFraming, List<BodyFilter> newFilters) {
        out = target;
        framing = newFraming;
        filters = newFilters;
        written = 0;
    }

    /** Whether bytes of content pass unchanged and unframed, so that they need not go through this writer. */
    public boolean transparent() {
        return framing == Framing.PLAIN && filters.isEmpty();
    }

    /** Counts content that went past this writer. */
    public void passed(long bytes) {
        written += bytes;
    }

    /** Bytes of content written. */
    public long written() {
        return written;
    }

    @Override
    public void chunk(long size) {
        if (framing == Framing.CHUNKS_KEPT) {
            sizeLine(size);
        }
    }

    @Override
    public void data(ByteBuffer piece) {
        if (framing == Framing.NONE) {
            return;
        }
        if (filters.isEmpty()) {
            emit(piece);
            return;
        }
        byte[] copy = new byte[piece.remaining()];
        piece.get(copy);
        filtered(ByteString.fromArrayUnsafe(copy), 0);
    }

    @Override
    public void chunkEnd() {
        if (framing == Framing.CHUNKS_KEPT) {
            out.put(CRLF);
        }
    }

    @Override
    public void end(HeadFields trailers) {
        for (int i = 0; i < filters.size(); i++) {
            filtered(filters.get(i).onEnd(trailers), i + 1);
        }
        if (framing == Framing.CHUNKS_KEPT || framing == Framing.CHUNKS_NEW) {
            out.put(LAST_CHUNK);
            for (int i = 0; i < trailers.count(); i++) {
                if (Trailers.allowed(trailers, i)) {
                    int until = i + 1 < trailers.count() ? trailers.nameFrom(i + 1) : trailers.linesTo();
                    out.put(trailers.bytes(), trailers.nameFrom(i), until);
                }
            }
            out.put(CRLF);
        }
    }

    private void filtered(ByteString piece, int from) {
        ByteString passing = piece;
        for (int i = from; i < filters.size() && !passing.isEmpty(); i++) {
            passing = filters.get(i).onChunk(passing);
        }
        if (!passing.isEmpty()) {
            emit(passing.asByteBuffer());
        }
    }

    private void emit(ByteBuffer piece) {
        written += piece.remaining();
        if (framing == Framing.CHUNKS_NEW) {
            sizeLine(piece.remaining());
            out.put(piece);
            out.put(CRLF);
        } else {
            out.put(piece);
        }
    }

    private void sizeLine(long size) {
        line.clear();
        line.putHex(size);
        line.crlf();
        out.put(line);
    }
}
