package io.sluice.node.proxy;

import io.sluice.node.http.EventLoop;
import io.sluice.node.http.TimerWheel;
import io.sluice.node.settings.ClientSettings;

/** The deadline of an HTTP/2 connection as a whole; its streams have their own. */
final class Http2Timers {

    /** What running out of time means. */
    enum Purpose {
        /** Streams may have waited too long for the client to read. */
        NONE,
        IDLE,
        /** What is kept for the next streams can go: they may not come soon. */
        TRIM,
        HEAD
    }

    /** A client that keeps sending sends within this time after it was told to stop. */
    private static final long LAST_CALL_MILLIS = 1_000;

    private static final long TRIM_MILLIS = 1_000;

    private final EventLoop loop;
    private final TimerWheel.Deadline deadline;
    private final long headMillis;
    private final long sendMillis;
    private long idleMillis;
    private long headSince;
    private boolean head;
    private boolean idle;
    private boolean trimmed;
    private long idleSince;

    Http2Timers(EventLoop loop, ClientSettings settings, Runnable expired) {
        this.loop = loop;
        this.deadline = new TimerWheel.Deadline(expired);
        this.headMillis = settings.headerTimeout().toMillis();
        this.sendMillis = settings.sendTimeout().toMillis();
        this.idleMillis = settings.idleTimeout().toMillis();
    }

    /** A header block has begun, or any frame but content, and must end in time, however it arrives. */
    void headBegins() {
        if (!head) {
            head = true;
            headSince = loop.now();
        }
    }

    void headEnds() {
        head = false;
    }

    /** From now on nobody waits long for another stream. */
    void drain() {
        idleMillis = Math.min(idleMillis, LAST_CALL_MILLIS);
        idle = false;
    }

    /** What the time is up for. */
    Purpose expired(int streams) {
        if (head && since(headSince) >= headMillis) {
            return Purpose.HEAD;
        }
        if (streams > 0 || !idle) {
            return Purpose.NONE;
        }
        if (since(idleSince) >= idleMillis) {
            return Purpose.IDLE;
        }
        boolean trim = !trimmed && since(idleSince) >= TRIM_MILLIS;
        trimmed |= trim;
        return trim ? Purpose.TRIM : Purpose.NONE;
    }

    private long since(long moment) {
        return (loop.now() - moment) / 1_000_000;
    }

    /** Sets the deadline for whatever is waited for. */
    void follow(int streams, boolean stalls) {
        if (streams > 0) {
            idle = false;
        } else if (!idle) {
            idle = true;
            trimmed = false;
            idleSince = loop.now();
        }
        if (head) {
            arm(headMillis - since(headSince));
        } else if (idle) {
            arm((trimmed ? idleMillis : Math.min(idleMillis, TRIM_MILLIS)) - since(idleSince));
        } else if (!stalls) {
            loop.timers().clear(deadline);
        } else if (!deadline.set()) {
            arm(Math.max(100, sendMillis / 4));
        }
    }

    private void arm(long millis) {
        loop.timers().set(deadline, loop.now(), Math.max(1, millis));
    }

    void remove() {
        loop.timers().remove(deadline);
    }
}
