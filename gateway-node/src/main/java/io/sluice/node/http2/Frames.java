package io.sluice.node.http2;

import io.sluice.node.http.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The numbers of frames and settings, and how frames are written (RFC 9113 sections 4, 6). */
public final class Frames {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;
    public static final int PRIORITIZED = 32;

    public static final int HEADER_TABLE_SIZE = 1;
    public static final int ENABLE_PUSH = 2;
    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;
    public static final int MAX_FRAME_SIZE = 5;
    public static final int MAX_HEADER_LIST_SIZE = 6;

    /** Bytes before a frame's payload. */
    public static final int HEAD_BYTES = 9;

    /** The longest payload that we take, and the longest that every peer takes. */
    public static final int PAYLOAD_BYTES = 16 * 1024;

    /** What a window measures before anybody has said anything. */
    public static final int WINDOW_BYTES = 65_535;

    /** A dynamic table of no bytes from here on (RFC 7541 section 6.3). */
    private static final byte TABLE_OF_NOTHING = 0x20;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private Frames() {}

    /** What a client begins with. */
    public static void preface(ByteWriter out) {
        out.put(PREFACE);
    }

    /** One byte of what a client begins with. */
    public static byte prefaceByte(int at) {
        return PREFACE[at];
    }

    /**
     * Whether the bytes begin with a client's preface.
     *
     * @return 1 if so, 0 if more bytes are needed to know, -1 if not
     */
    public static int beginsWithPreface(ByteBuffer bytes) {
        int n = Math.min(bytes.remaining(), PREFACE.length);
        for (int i = 0; i < n; i++) {
            if (bytes.get(bytes.position() + i) != PREFACE[i]) {
                return -1;
            }
        }
        return n == PREFACE.length ? 1 : 0;
    }

    /** Bytes of a client's preface. */
    public static int prefaceBytes() {
        return PREFACE.length;
    }

    /** The 9 bytes before a payload. */
    static void head(ByteWriter out, int length, int type, int flags, int stream) {
        out.put((byte) (length >>> 16));
        out.put((byte) (length >>> 8));
        out.put((byte) length);
        out.put((byte) type);
        out.put((byte) flags);
        number(out, stream);
    }

    private static void number(ByteWriter out, int number) {
        out.put((byte) (number >>> 24));
        out.put((byte) (number >>> 16));
        out.put((byte) (number >>> 8));
        out.put((byte) number);
    }

    /** Settings as pairs of number and value. */
    public static void settings(ByteWriter out, int... pairs) {
        head(out, pairs.length * 3, SETTINGS, 0, 0);
        for (int i = 0; i < pairs.length; i += 2) {
            out.put((byte) (pairs[i] >>> 8));
            out.put((byte) pairs[i]);
            number(out, pairs[i + 1]);
        }
    }

    public static void settingsAck(ByteWriter out) {
        head(out, 0, SETTINGS, ACK, 0);
    }

    /** A ping, or the answer to one, with the eight bytes from a position on. */
    public static void ping(ByteWriter out, boolean ack, byte[] bytes, int from) {
        head(out, 8, PING, ack ? ACK : 0, 0);
        out.put(bytes, from, from + 8);
    }

    public static void reset(ByteWriter out, int stream, ErrorCode code) {
        head(out, 4, RST_STREAM, 0, stream);
        number(out, code.ordinal());
    }

    public static void windowUpdate(ByteWriter out, int stream, int increment) {
        head(out, 4, WINDOW_UPDATE, 0, stream);
        number(out, increment);
    }

    public static void goAway(ByteWriter out, int lastStream, ErrorCode code) {
        head(out, 8, GOAWAY, 0, 0);
        number(out, lastStream);
        number(out, code.ordinal());
    }

    /** Frames of content, as long as the receiver allows; consumes the bytes. */
    public static void data(ByteWriter out, int stream, ByteBuffer bytes, int length) {
        int left = length;
        int limit = bytes.limit();
        while (left > 0) {
            int n = Math.min(left, PAYLOAD_BYTES);
            head(out, n, DATA, 0, stream);
            bytes.limit(bytes.position() + n);
            out.put(bytes);
            bytes.limit(limit);
            left -= n;
        }
    }

    /** The end of a stream in a frame without content. */
    public static void end(ByteWriter out, int stream) {
        head(out, 0, DATA, END_STREAM, stream);
    }

    /** A header block in as many frames as it takes. */
    public static void headers(ByteWriter out, int stream, ByteWriter block, boolean endStream) {
        headers(out, stream, block, endStream, false);
    }

    /** The same; {@code tableGivenUp} if the block first says that it is written without a dynamic table from now on. */
    public static void headers(ByteWriter out, int stream, ByteWriter block, boolean endStream, boolean tableGivenUp) {
        int from = 0;
        int type = HEADERS;
        do {
            int before = tableGivenUp && type == HEADERS ? 1 : 0;
            int n = Math.min(block.length() - from, PAYLOAD_BYTES - before);
            boolean last = from + n == block.length();
            int flags = (last ? END_HEADERS : 0) | (type == HEADERS && endStream ? END_STREAM : 0);
            head(out, before + n, type, flags, stream);
            if (before > 0) {
                out.put(TABLE_OF_NOTHING);
            }
            out.put(block.array(), from, from + n);
            from += n;
            type = CONTINUATION;
        } while (from < block.length());
    }

    /** The 31 bits at a position. */
    public static int number31(byte[] bytes, int at) {
        return number32(bytes, at) & 0x7FFF_FFFF;
    }

    /** The 32 bits at a position. */
    public static int number32(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | bytes[at + 3] & 0xFF;
    }
}
