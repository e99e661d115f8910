package io.sluice.node.http2;

import io.sluice.node.http.ByteWriter;

/**
 * Gathers a header block from its frames (RFC 9113 sections 6.2, 6.10), within bounds. Not thread-safe.
 */
public final class HeaderBlock {

    private static final int FRAMES = 32;

    private final int limit;
    private final ByteWriter fragments = new ByteWriter(0);
    private int stream;
    private int frames;
    private boolean endStream;

    /** @param limit most compressed bytes of a block */
    public HeaderBlock(int limit) {
        this.limit = limit;
    }

    /** Whether frames of a block are awaited: then nothing else may come. */
    public boolean open() {
        return stream != 0;
    }

    /** The stream that the block is for. */
    public int stream() {
        return stream;
    }

    /** Whether the block ends its stream. */
    public boolean endStream() {
        return endStream;
    }

    /**
     * Takes a HEADERS frame.
     *
     * @return whether the block is complete
     */
    public boolean headers(int flags, int id, byte[] bytes, int from, int to) throws ConnectionErrorException {
        int start = from;
        int end = to;
        if ((flags & Frames.PADDED) != 0) {
            if (start == end) {
                throw new ConnectionErrorException(ErrorCode.FRAME_SIZE_ERROR, "padding without a length");
            }
            end -= bytes[start++] & 0xFF;
        }
        if ((flags & Frames.PRIORITIZED) != 0) {
            if (end - start >= 5 && Frames.number31(bytes, start) == id) {
                throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "a stream that depends on itself");
            }
            start += 5;
        }
        if (end < start) {
            throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "more padding than payload");
        }
        stream = id;
        frames = 0;
        endStream = (flags & Frames.END_STREAM) != 0;
        fragments.clear();
        return add(flags, bytes, start, end);
    }

    /**
     * Takes a CONTINUATION frame.
     *
     * @return whether the block is complete
     */
    public boolean continuation(int flags, int id, byte[] bytes, int from, int to) throws ConnectionErrorException {
        if (stream == 0 || stream != id) {
            throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "CONTINUATION of nothing");
        }
        return add(flags, bytes, from, to);
    }

    private boolean add(int flags, byte[] bytes, int from, int to) throws ConnectionErrorException {
        if (++frames > FRAMES || fragments.length() + to - from > limit) {
            throw new ConnectionErrorException(
                    ErrorCode.ENHANCE_YOUR_CALM, "a header block of more than " + limit + " bytes or 32 frames");
        }
        fragments.put(bytes, from, to);
        return (flags & Frames.END_HEADERS) != 0;
    }

    /** Decodes the complete block; nothing else of it is kept. */
    public void decode(HpackDecoder decoder, HpackDecoder.Sink sink) throws ConnectionErrorException {
        stream = 0;
        if (!decoder.decode(fragments.array(), 0, fragments.length(), sink)) {
            throw new ConnectionErrorException(ErrorCode.COMPRESSION_ERROR, "a header block that cannot be decoded");
        }
        fragments.trim(2048);
    }
}
