package io.sluice.k8s.watch;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * When a burst of changes is over: a while after the last of them, but not later than some time after the first. Times are
 * nanoseconds of one clock. Not thread-safe.
 */
final class HoldOff {

    private final long quiet;
    private final long longest;
    private boolean pending;
    private long first;
    private long last;

    HoldOff(Duration quiet, Duration longest) {
        this.quiet = quiet.toNanos();
        this.longest = longest.toNanos();
    }

    /** Something has changed. */
    void changed(long now) {
        if (!pending) {
            pending = true;
            first = now;
        }
        last = now;
    }

    /** How long to wait from now on, 0 if it is time; empty if nothing has changed. */
    OptionalLong remaining(long now) {
        if (!pending) {
            return OptionalLong.empty();
        }
        long due = Math.min(last + quiet - now, first + longest - now);
        return OptionalLong.of(Math.max(0, due));
    }

    /** What has changed so far is dealt with. */
    void taken() {
        pending = false;
    }
}
