package io.sluice.node.http2;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a connection's bytes into frames. Content is handed on piece by piece as it arrives, the small frames whole. Keeps
 * 16 KiB at most. Not thread-safe.
 */
public final class FrameReader {

    /** Told of frames, in order; buffers and arrays are valid during the call only. */
    public interface Handler {

        /** A frame other than DATA, with its payload {@code bytes[from, to)}. */
        void frame(int type, int flags, int stream, byte[] bytes, int from, int to) throws ConnectionErrorException;

        /** A DATA frame begins; {@code length} counts against the windows. */
        void dataBegins(int stream, int length, boolean endStream) throws ConnectionErrorException;

        /** Content of the DATA frame; everything that remains need not be consumed. */
        void data(ByteBuffer piece) throws ConnectionErrorException;

        /** The DATA frame is complete. */
        void dataEnds() throws ConnectionErrorException;
    }

    private static final byte[] NOTHING = {};

    private final Handler handler;
    private final byte[] head = new byte[Frames.HEAD_BYTES];
    private byte[] payload = NOTHING;
    private int headBytes;
    private int have;
    private int length;
    private int type;
    private int flags;
    private int stream;
    private int contentLeft;
    private int paddingLeft;
    private boolean paddingKnown;

    public FrameReader(Handler handler) {
        this.handler = handler;
    }

    /**
     * Takes all of the bytes.
     *
     * @throws ConnectionErrorException if a frame breaks the rules of framing, or the handler says so
     */
    public void read(ByteBuffer in) throws ConnectionErrorException {
        while (in.hasRemaining()) {
            if (headBytes < Frames.HEAD_BYTES) {
                readHead(in);
            } else if (type == Frames.DATA) {
                readData(in);
            } else {
                readPayload(in);
            }
        }
    }

    /** Whether a frame has begun and is not complete, of which nothing is of use before it is: DATA is. */
    public boolean awaitsRest() {
        return headBytes > 0 && (headBytes < Frames.HEAD_BYTES || type != Frames.DATA);
    }

    private void readHead(ByteBuffer in) throws ConnectionErrorException {
        int n = Math.min(in.remaining(), Frames.HEAD_BYTES - headBytes);
        in.get(head, headBytes, n);
        headBytes += n;
        if (headBytes < Frames.HEAD_BYTES) {
            return;
        }
        length = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF;
        type = head[3] & 0xFF;
        flags = head[4] & 0xFF;
        stream = Frames.number31(head, 5);
        if (length > Frames.PAYLOAD_BYTES) {
            throw new ConnectionErrorException(
                    ErrorCode.FRAME_SIZE_ERROR, "a frame of " + length + " bytes (expected: 16384 at most)");
        }
        have = 0;
        if (type == Frames.DATA) {
            beginData();
        } else if (length == 0) {
            complete(NOTHING, 0);
        }
    }

    private void beginData() throws ConnectionErrorException {
        if (stream == 0) {
            throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "DATA on stream 0");
        }
        paddingKnown = (flags & Frames.PADDED) == 0;
        contentLeft = length;
        paddingLeft = 0;
        if (!paddingKnown && length == 0) {
            throw new ConnectionErrorException(ErrorCode.FRAME_SIZE_ERROR, "padding without a length");
        }
        handler.dataBegins(stream, length, (flags & Frames.END_STREAM) != 0);
        endData();
    }

    private void readData(ByteBuffer in) throws ConnectionErrorException {
        if (!paddingKnown) {
            paddingKnown = true;
            paddingLeft = in.get() & 0xFF;
            contentLeft = length - 1 - paddingLeft;
            if (contentLeft < 0) {
                throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "more padding than payload");
            }
        } else if (contentLeft > 0) {
            int n = Math.min(contentLeft, in.remaining());
            int limit = in.limit();
            int until = in.position() + n;
            in.limit(until);
            contentLeft -= n;
            handler.data(in);
            in.limit(limit).position(until);
        } else {
            int n = Math.min(paddingLeft, in.remaining());
            in.position(in.position() + n);
            paddingLeft -= n;
        }
        endData();
    }

    private void endData() throws ConnectionErrorException {
        if (paddingKnown && contentLeft == 0 && paddingLeft == 0) {
            headBytes = 0;
            handler.dataEnds();
        }
    }

    private void readPayload(ByteBuffer in) throws ConnectionErrorException {
        if (have == 0 && in.hasArray() && in.remaining() >= length) {
            int from = in.arrayOffset() + in.position();
            in.position(in.position() + length);
            complete(in.array(), from);
            return;
        }
        int n = Math.min(in.remaining(), length - have);
        if (payload.length < have + n) {
            payload = Arrays.copyOf(payload, Math.min(Frames.PAYLOAD_BYTES, Math.max(have + n, 2 * payload.length)));
        }
        in.get(payload, have, n);
        have += n;
        if (have == length) {
            complete(payload, 0);
            if (payload.length > 1024) {
                payload = NOTHING;
            }
        }
    }

    private void complete(byte[] bytes, int from) throws ConnectionErrorException {
        headBytes = 0;
        handler.frame(type, flags, stream, bytes, from, from + length);
    }
}
