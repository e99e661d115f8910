package io.sluice.node.http2;

/** What holds for every frame of a type, whoever sends it: where it belongs and how long it is (RFC 9113 section 6). */
public final class FrameRules {

    private FrameRules() {}

    /** Refuses a frame that is on the wrong kind of stream or of the wrong length. */
    public static void check(int type, int flags, int stream, int length) throws ConnectionErrorException {
        switch (type) {
            case Frames.SETTINGS -> {
                belongs(stream == 0, type);
                measures(length % 6 == 0 && ((flags & Frames.ACK) == 0 || length == 0), type);
            }
            case Frames.PING -> {
                belongs(stream == 0, type);
                measures(length == 8, type);
            }
            case Frames.GOAWAY -> {
                belongs(stream == 0, type);
                measures(length >= 8, type);
            }
            case Frames.HEADERS, Frames.CONTINUATION -> belongs(stream != 0, type);
            case Frames.PRIORITY -> {
                belongs(stream != 0, type);
                measures(length == 5, type);
            }
            case Frames.RST_STREAM -> {
                belongs(stream != 0, type);
                measures(length == 4, type);
            }
            case Frames.WINDOW_UPDATE -> measures(length == 4, type);
            default -> {} // frames of other types may come and mean nothing
        }
    }

    private static void belongs(boolean good, int type) throws ConnectionErrorException {
        expect(good, ErrorCode.PROTOCOL_ERROR, "a frame of type " + type + " where it does not belong");
    }

    private static void measures(boolean good, int type) throws ConnectionErrorException {
        expect(good, ErrorCode.FRAME_SIZE_ERROR, "a frame of type " + type + " of a wrong length");
    }

    /** Ends the connection if the peer does not what it must. */
    public static void expect(boolean good, ErrorCode code, String reason) throws ConnectionErrorException {
        if (!good) {
            throw new ConnectionErrorException(code, reason);
        }
    }
}
