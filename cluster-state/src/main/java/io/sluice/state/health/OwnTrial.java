package io.sluice.state.health;

import java.time.Duration;

/**
 * When a node uses an address again that it alone keeps away from, if the upstream has no probes that could tell. A connection that
 * comes about heals only what a failed one has shown. Everything else is tried with requests after a while: a longer one each time
 * that they fail again. One thread; times are agreed milliseconds.
 */
final class OwnTrial {

    private static final long FIRST = Duration.ofSeconds(10).toMillis();
    private static final long LONGEST = Duration.ofMinutes(5).toMillis();

    private long wait = FIRST;
    private long due = Long.MAX_VALUE;
    /** Until when failing again means that it was not over. */
    private long doubtfulUntil = Long.MIN_VALUE;

    private boolean unreachable;

    /** The node keeps away from now on. */
    void begin(long now) {
        wait = now < doubtfulUntil ? Math.min(LONGEST, 2 * wait) : FIRST;
        due = now + wait;
        unreachable = false;
    }

    /** The node uses it again. */
    void end(long now) {
        doubtfulUntil = now + Math.max(wait, Duration.ofMinutes(1).toMillis());
        due = Long.MAX_VALUE;
        unreachable = false;
    }

    /** What people say holds until they say otherwise. */
    void never() {
        due = Long.MAX_VALUE;
    }

    /** A connection has failed. */
    void unreachable() {
        unreachable = true;
    }

    /** Whether a connection that comes about is news. */
    boolean wasUnreachable() {
        return unreachable && due != Long.MAX_VALUE;
    }

    boolean isDue(long now) {
        return !unreachable && now >= due;
    }
}
