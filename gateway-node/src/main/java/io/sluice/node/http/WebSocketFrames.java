package io.sluice.node.http;

import java.nio.ByteBuffer;

/**
 * Follows the frames of one direction of a WebSocket (RFC 6455 section 5.2) as they pass, to know when one ends: only there
 * another can be put in. Reads nothing but heads, changes nothing, judges nothing. Reused.
 */
public final class WebSocketFrames {

    private static final byte[] GOING_AWAY = {(byte) 0x88, 0x02, 0x03, (byte) 0xE9};
    private static final int CLOSE = 8;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MASK = 0x80;

    private Expected expected = Expected.FIRST;
    private long content;
    private int lengthLeft;
    private int headLeft;
    private boolean closing;

    private enum Expected {
        FIRST,
        SECOND,
        REST_OF_HEAD,
        CONTENT
    }

    /** A Close frame from a server that goes away (1001). */
    public static byte[] goingAway() {
        return GOING_AWAY.clone();
    }

    /** A new connection. */
    public void begin() {
        expected = Expected.FIRST;
        closing = false;
    }

    /** These bytes pass; the buffer stays as it is. */
    public void follow(ByteBuffer bytes) {
        int at = bytes.position();
        int end = bytes.limit();
        while (at < end) {
            switch (expected) {
                case FIRST -> {
                    closing |= (bytes.get(at++) & 0x0F) == CLOSE;
                    expected = Expected.SECOND;
                }
                case SECOND -> second(bytes.get(at++));
                case REST_OF_HEAD -> rest(bytes.get(at++));
                case CONTENT -> {
                    int step = (int) Math.min(content, end - at);
                    at += step;
                    content -= step;
                    if (content == 0) {
                        expected = Expected.FIRST;
                    }
                }
            }
        }
    }

    private void second(byte value) {
        int length = value & 0x7F;
        lengthLeft = length == SHORT_LENGTH ? 2 : length == LONG_LENGTH ? 8 : 0;
        content = lengthLeft == 0 ? length : 0;
        headLeft = lengthLeft + ((value & MASK) != 0 ? 4 : 0);
        expected = headLeft > 0 ? Expected.REST_OF_HEAD : behindHead();
    }

    /** A byte of the extended length, or of the mask behind it. */
    private void rest(byte value) {
        if (lengthLeft > 0) {
            lengthLeft--;
            content = content << 8 | value & 0xFF;
        }
        if (--headLeft == 0) {
            expected = behindHead();
        }
    }

    private Expected behindHead() {
        content &= Long.MAX_VALUE; // the first bit of a length has no meaning
        return content == 0 ? Expected.FIRST : Expected.CONTENT;
    }

    /** Whether the last byte that passed ended a frame, or none has passed. */
    public boolean between() {
        return expected == Expected.FIRST;
    }

    /** Whether a Close frame has passed: nothing may follow it. */
    public boolean closing() {
        return closing;
    }
}
