package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.OutBuffer;
import org.jspecify.annotations.Nullable;

/** What has been sent of a body that streams, for as long as it is little enough to be sent again. Reused. */
final class Replay {

    private static final int LIMIT = 64 * 1024;

    private @Nullable ByteWriter kept;
    private boolean whole;

    /** Another request begins. */
    void begin() {
        kept = null;
        whole = true;
    }

    /** Whether everything that was sent can be sent again. */
    boolean whole() {
        return whole;
    }

    /** Keeps what has been put to the buffer from a place on. */
    void remember(OutBuffer out, int from) {
        if (!whole) {
            return;
        }
        ByteWriter to = kept;
        int length = (to == null ? 0 : to.length()) + out.length() - from;
        if (length > LIMIT) {
            whole = false;
            kept = null;
        } else if (length > 0) {
            to = to == null ? new ByteWriter(length) : to;
            out.copyFrom(from, to);
            kept = to;
        }
    }

    /** Sends what was kept. */
    void putTo(OutBuffer out) {
        ByteWriter from = kept;
        if (from != null) {
            out.put(from);
        }
    }

    /** Gives back what was kept. */
    void clear() {
        kept = null;
    }
}
