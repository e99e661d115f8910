package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http2.Frames;

/** The windows of an HTTP/2 connection as a whole, both ways, and what waits for those of its streams. */
final class Http2Windows {

    /** Content that may come before anybody could use it. */
    static final int CONNECTION_BYTES = 512 * 1024;

    /** Content for the client that may wait for its windows before only streams of ample windows are served. */
    private static final int HELD_BACK = 1024 * 1024;

    private static final int AMPLE = 32 * 1024;

    private final ByteWriter frames;
    private int send = Frames.WINDOW_BYTES;
    private int receive = CONNECTION_BYTES;
    private int credit;
    private int heldBack;

    Http2Windows(ByteWriter frames) {
        this.frames = frames;
    }

    /** The client may send more than it knows from the start. */
    void begin() {
        Frames.windowUpdate(frames, 0, CONNECTION_BYTES - Frames.WINDOW_BYTES);
    }

    /** How much of a stream's window can be used now. */
    int sendable(int streamWindow) {
        return Math.max(0, Math.min(streamWindow, send));
    }

    /** Whether more content is of use now for a stream of that window: others that stall must not stall it. */
    boolean ready(int streamWindow) {
        int sendable = sendable(streamWindow);
        return sendable > 0 && (heldBack < HELD_BACK || sendable >= AMPLE);
    }

    void sent(int bytes) {
        send -= bytes;
    }

    /** The client allows more; gives false if that is more than a window can be. */
    boolean widen(int increment) {
        if ((long) send + increment > Integer.MAX_VALUE) {
            return false;
        }
        send += increment;
        return true;
    }

    /** So many bytes more (or less) wait for the windows. */
    void heldBack(int bytes) {
        heldBack += bytes;
    }

    /** So many bytes come from the client; gives false if they may not. */
    boolean received(int bytes) {
        receive -= bytes;
        return receive >= 0;
    }

    /** So many of them have been used. */
    void used(int bytes) {
        credit += bytes;
        if (credit >= CONNECTION_BYTES / 2) {
            Frames.windowUpdate(frames, 0, credit);
            receive += credit;
            credit = 0;
        }
    }
}
