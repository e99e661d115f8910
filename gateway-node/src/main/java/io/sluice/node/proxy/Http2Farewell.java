package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http2.ErrorCode;
import io.sluice.node.http2.Frames;

/**
 * The end of an HTTP/2 connection in two steps (RFC 9113 section 6.8): first a warning, so that streams that are on their way are
 * still served, then, once the client has had time to see it, the last stream that counts.
 */
final class Http2Farewell {

    private static final byte[] ASKED = {'f', 'a', 'r', 'e', 'w', 'e', 'l', 'l'};

    private final ByteWriter frames;
    private int served;
    private boolean begun;
    private boolean said;
    private int last = Integer.MAX_VALUE;

    Http2Farewell(ByteWriter frames) {
        this.frames = frames;
    }

    /** Warns the client; its answer to the ping shows that it has seen the warning. */
    void begin() {
        if (!begun) {
            begun = true;
            Frames.goAway(frames, Integer.MAX_VALUE, ErrorCode.NO_ERROR);
            Frames.ping(frames, false, ASKED, 0);
        }
    }

    /** Another request has come, of {@code most} on a connection: a client that goes on after the warning is cut short. */
    void served(int lastStream, int most) {
        if (++served == most) {
            begin();
        } else if (served >= most + Http2Connection.MOST_STREAMS) {
            tell(lastStream, ErrorCode.NO_ERROR);
        }
    }

    /** The client has answered a ping. */
    void answered(int lastStream) {
        if (begun && !said) {
            tell(lastStream, ErrorCode.NO_ERROR);
        }
    }

    /** Says which stream is the last. */
    void tell(int lastStream, ErrorCode code) {
        if (!said || code != ErrorCode.NO_ERROR) {
            begun = true;
            said = true;
            last = Math.min(last, lastStream);
            Frames.goAway(frames, last, code);
        }
    }

    /** Whether no further streams are served: the connection ends with the last one. */
    boolean said() {
        return said;
    }

    boolean refuses(int stream) {
        return said && stream > last;
    }
}
