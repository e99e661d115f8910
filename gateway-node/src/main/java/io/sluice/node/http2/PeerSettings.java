package io.sluice.node.http2;

import static io.sluice.node.http2.FrameRules.expect;

/**
 * What of the peer's settings we heed (RFC 9113 section 6.5.2): how much of a stream it takes before it has said anything, and
 * whether it wants a smaller table for headers than it must have had so far.
 */
public final class PeerSettings {

    private static final int BYTES = 6;
    private static final int MOST = 64;

    private static final int TABLE_BYTES = 4096;

    private int initialWindow = Frames.WINDOW_BYTES;
    private boolean tableTooLarge;
    private boolean tableGivenUp;

    /**
     * Reads the payload of a SETTINGS frame.
     *
     * @return by how much every stream's window changes
     */
    public int read(byte[] bytes, int from, int to) throws ConnectionErrorException {
        expect(to - from <= BYTES * MOST, ErrorCode.ENHANCE_YOUR_CALM, "more than 64 settings");
        int before = initialWindow;
        for (int at = from; at < to; at += BYTES) {
            int key = (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
            int value = Frames.number32(bytes, at + 2);
            switch (key) {
                case Frames.HEADER_TABLE_SIZE -> tableTooLarge |= value >= 0 && value < TABLE_BYTES;
                case Frames.ENABLE_PUSH -> expect(value >= 0 && value <= 1, ErrorCode.PROTOCOL_ERROR, "ENABLE_PUSH");
                case Frames.MAX_FRAME_SIZE ->
                    expect(value >= 1 << 14 && value < 1 << 24, ErrorCode.PROTOCOL_ERROR, "MAX_FRAME_SIZE");
                case Frames.INITIAL_WINDOW_SIZE -> {
                    expect(value >= 0, ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE");
                    initialWindow = value;
                }
                default -> {} // nothing that we send depends on it
            }
        }
        return initialWindow - before;
    }

    /**
     * Whether the header block that is sent next must say that it gives up the table: we never put anything into it, but a peer
     * that makes it smaller has to be told that we know (RFC 7541 section 4.2). True once.
     */
    public boolean givesUpTable() {
        boolean now = tableTooLarge && !tableGivenUp;
        tableGivenUp |= now;
        return now;
    }

    /** What may be sent on a new stream. */
    public int initialWindow() {
        return initialWindow;
    }
}
