package io.sluice.node.balance;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is known of one target: the requests it carries, how long it took to respond, and since when it is in use. Shared by all
 * event loops and by every revision that has the target; atomics, no lock.
 *
 * <p>The latency is a peak-sensitive moving average (as in Finagle's Peak EWMA): a response slower than it raises it at once,
 * faster ones bring it down over ten seconds, and so does silence, so that a target that was slow is asked again. Value and
 * time are one long, so that one compare-and-set changes both: a float of nanoseconds above, ticks of 2^20 ns below.
 */
public final class TargetLoad {

    private static final double DECAY_TICKS = 10e9 / (1 << 20);

    /** Loops' clocks differ by a round; anything older than this went around the 52 days that the ticks can count. */
    private static final int SKEW_TICKS = 1 << 16;

    /** Instead of the time since when it can be used: longer ago than matters, and not now. */
    private static final long ALWAYS = Long.MIN_VALUE;

    private static final long NOT_NOW = Long.MAX_VALUE;

    private final AtomicInteger active = new AtomicInteger();
    private final AtomicLong latency = new AtomicLong();
    private final AtomicLong since;

    /** A target that has been there for long. */
    public TargetLoad() {
        this.since = new AtomicLong(ALWAYS);
    }

    /**
     * A target that is new.
     *
     * @param now as {@link System#nanoTime}
     */
    public TargetLoad(long now) {
        this.since = new AtomicLong(now);
    }

    /** Told whenever it is looked at whether it is in use, so that it is known since when it is. One read unless that changes. */
    public void seen(boolean inUse, long now) {
        long before = since.get();
        if (inUse == (before == NOT_NOW)) {
            since.compareAndSet(before, inUse ? now : NOT_NOW);
        }
    }

    /** For how many nanoseconds it has been in use; {@link Long#MAX_VALUE} if that is longer than anybody minds. */
    public long age(long now) {
        long from = since.get();
        if (from == ALWAYS || from == NOT_NOW) {
            return from == ALWAYS ? Long.MAX_VALUE : 0;
        }
        return Math.max(0, now - from);
    }

    /** Requests that it carries now. */
    int active() {
        return active.get();
    }

    void started() {
        active.getAndIncrement();
    }

    void ended() {
        active.getAndDecrement();
    }

    /** The latency in nanoseconds as of now; 0 if none is known. */
    double latency(long now) {
        long state = latency.get();
        return state == 0 ? 0 : value(state) * kept(state, now);
    }

    /** It took so long to respond. */
    void responded(long nanos, long now) {
        float sample = Math.max(1, nanos);
        long state;
        float next;
        do {
            state = latency.get();
            double part = state == 0 ? 0 : kept(state, now);
            next = sample >= value(state) * part ? sample : (float) (value(state) * part + sample * (1 - part));
        } while (!latency.compareAndSet(state, state(next, now)));
    }

    private static long state(float value, long now) {
        return (long) Float.floatToRawIntBits(value) << 32 | (now >> 20) & 0xFFFF_FFFFL;
    }

    private static float value(long state) {
        return Float.intBitsToFloat((int) (state >>> 32));
    }

    private static double kept(long state, long now) {
        int ticks = (int) (now >> 20) - (int) state;
        if (ticks < -SKEW_TICKS) {
            return 0;
        }
        return Math.exp(-Math.max(0, ticks) / DECAY_TICKS);
    }
}
