package io.sluice.node.http;

import java.nio.ByteBuffer;

/**
 * Finds the end of a message body in the bytes of a connection and hands out its content as it arrives: half a chunk is handed
 * out as half a chunk. Chunk extensions are dropped, trailers that could change the meaning of the message too
 * (RFC 9110 section 6.5.1). Reused; not thread-safe.
 */
public final class BodyReader {

    private static final int CHUNK_LINE_LIMIT = 4096;
    private static final int KEPT_BYTES = 1024;
    private static final HeadLimits OF_REQUESTS = new HeadLimits(8192, 0, 4096, 50);
    private static final HeadLimits OF_RESPONSES = new HeadLimits(
            HeadLimits.RESPONSE.head(), 0, HeadLimits.RESPONSE.line(), 100); // gRPC says there why a call failed

    private enum State {
        DONE,
        FIXED,
        UNTIL_CLOSE,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS
    }

    private final HeadLimits limits;
    private final HeadFields trailers = new HeadFields();
    private final ByteWriter trailerBytes = new ByteWriter(64);
    private State state = State.DONE;
    private long left;
    private int lineLength;
    private int digits;
    private long received;

    private BodyReader(HeadLimits limits) {
        this.limits = limits;
    }

    /** Takes as much behind a body as clients may say. */
    public static BodyReader ofRequests() {
        return new BodyReader(OF_REQUESTS);
    }

    /** Takes as much behind a body as upstreams may say. */
    public static BodyReader ofResponses() {
        return new BodyReader(OF_RESPONSES);
    }

    /** Prepares for a body of that many bytes, {@link RequestHead#CHUNKED} or {@link ResponseHead#UNTIL_CLOSE}. */
    public void start(long length) {
        received = 0;
        left = 0;
        if (length == 0) {
            state = State.DONE;
        } else if (length > 0) {
            state = State.FIXED;
            left = length;
        } else if (length == RequestHead.CHUNKED) {
            state = State.SIZE;
            digits = 0;
            lineLength = 0;
        } else {
            state = State.UNTIL_CLOSE;
        }
        trailers.clear(trailerBytes.array());
        trailers.end(0);
    }

    /** Whether the body is complete. */
    public boolean done() {
        return state == State.DONE;
    }

    /** Whether it ends with the connection. */
    public boolean untilClose() {
        return state == State.UNTIL_CLOSE;
    }

    /**
     * Counts content that is passed on without being looked at; only for bodies of known length and up to what is left of
     * them, or bodies that end with the connection.
     */
    public void skip(int bytes) {
        received += bytes;
        if (state == State.FIXED) {
            left -= bytes;
            if (left == 0) {
                state = State.DONE;
            }
        }
    }

    /** Whether that many bytes may be given to {@link #skip}. */
    public boolean canSkip(int bytes) {
        return state == State.UNTIL_CLOSE || state == State.FIXED && bytes <= left;
    }

    /** Whether a chunked body stands where its next chunk begins. */
    public boolean betweenChunks() {
        return state == State.SIZE && digits == 0;
    }

    /** Bytes of content so far. */
    public long received() {
        return received;
    }

    /** For a body of known length: bytes still missing. */
    public long left() {
        return left;
    }

    /** The connection ended; completes a body that ends with it. */
    public boolean close(BodySink sink) {
        if (state == State.UNTIL_CLOSE) {
            finish(sink);
        }
        return state == State.DONE;
    }

    /**
     * Takes bytes up to the end of the body; what remains in the buffer belongs to the next message.
     *
     * @return false if they are not a well-formed body
     */
    public boolean read(ByteBuffer in, BodySink sink) {
        while (state != State.DONE && in.hasRemaining()) {
            boolean good = switch (state) {
                case FIXED, DATA, UNTIL_CLOSE -> content(in, sink);
                case TRAILERS -> trailer(in, sink);
                default -> framing(in.get(), sink);
            };
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private boolean content(ByteBuffer in, BodySink sink) {
        int limit = in.limit();
        int n = state == State.UNTIL_CLOSE ? in.remaining() : (int) Math.min(left, in.remaining());
        int end = in.position() + n;
        in.limit(end);
        received += n;
        sink.data(in);
        in.limit(limit).position(end);
        if (state != State.UNTIL_CLOSE) {
            left -= n;
            if (left == 0) {
                if (state == State.FIXED) {
                    finish(sink);
                } else {
                    sink.chunkEnd();
                    state = State.DATA_CR;
                }
            }
        }
        return true;
    }

    private boolean framing(byte b, BodySink sink) {
        if (++lineLength > CHUNK_LINE_LIMIT) {
            return false;
        }
        switch (state) {
            case SIZE:
                return size(b);
            case EXTENSION:
                if (b == '\r') {
                    state = State.SIZE_LF;
                    return true;
                }
                return Tokens.field(b);
            case SIZE_LF:
                return b == '\n' && sizeComplete(sink);
            case DATA_CR:
                state = State.DATA_LF;
                return b == '\r';
            default:
                state = State.SIZE;
                digits = 0;
                lineLength = 0;
                left = 0;
                return b == '\n';
        }
    }

    private boolean size(byte b) {
        int digit = b < 0 ? -1 : Character.digit(b, 16);
        if (digit >= 0) {
            left = left << 4 | digit;
            return ++digits <= 15;
        }
        if (digits == 0) {
            return false;
        }
        state = b == ';' ? State.EXTENSION : State.SIZE_LF;
        return b == ';' || b == '\r';
    }

    private boolean sizeComplete(BodySink sink) {
        lineLength = 0;
        if (left > 0) {
            state = State.DATA;
            sink.chunk(left);
        } else {
            state = State.TRAILERS;
            trailerBytes.clear();
        }
        return true;
    }

    private boolean trailer(ByteBuffer in, BodySink sink) {
        while (in.hasRemaining()) {
            byte b = in.get();
            trailerBytes.put(b);
            if (trailerBytes.length() > limits.head()) {
                return false;
            }
            if (b == '\n') {
                trailers.clear(trailerBytes.array());
                int end = HeadParser.fields(trailerBytes.array(), 0, trailerBytes.length(), trailers, limits);
                if (end < 0) {
                    return false;
                }
                if (end > 0) {
                    finish(sink);
                    return true;
                }
            }
        }
        return true;
    }

    private void finish(BodySink sink) {
        state = State.DONE;
        sink.end(trailers);
        if (trailerBytes.length() > KEPT_BYTES) {
            trailerBytes.trim(KEPT_BYTES);
            trailers.clear(trailerBytes.array());
            trailers.end(0);
        }
    }
}
