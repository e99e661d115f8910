package io.sluice.node.guard;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often something happened in a window that moves with the time, in steps of a tenth of the window. Any thread; atomics.
 *
 * <p>A slot is one long, its step above and its count below, so that a slot whose step is over is taken for the next by the
 * same compare-and-set that counts. There are more slots than the window has, so that loops whose clocks differ by less than
 * three steps do not disturb each other.
 */
final class RollingCount {

    private static final int STEPS = 10;
    private static final int SLOTS = 16;
    private static final long COUNT = 0xFFFF_FFFFL;

    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);
    private final long step;

    /** @param window in nanoseconds, at least 10 */
    RollingCount(long window) {
        this.step = window / STEPS;
    }

    /** It happened. */
    void add(long now) {
        change(now, 1);
    }

    /** It did not happen after all; the same time as when it was added. */
    void remove(long now) {
        change(now, -1);
    }

    private void change(long now, int by) {
        long tick = Math.floorDiv(now, step);
        int slot = (int) Math.floorMod(tick, (long) SLOTS);
        long before;
        long after;
        do {
            before = slots.get(slot);
            boolean same = before >>> 32 == (tick & COUNT);
            if (!same && by < 0) {
                return;
            }
            after = same ? before + by : (tick & COUNT) << 32 | by;
        } while (!slots.compareAndSet(slot, before, after));
    }

    /** How often in the window that ends now; what loops that are a step ahead have added counts too. */
    long sum(long now) {
        long tick = Math.floorDiv(now, step);
        long sum = 0;
        for (long of = tick - STEPS + 1; of <= tick + 1; of++) {
            long slot = slots.get((int) Math.floorMod(of, (long) SLOTS));
            sum += slot >>> 32 == (of & COUNT) ? slot & COUNT : 0;
        }
        return sum;
    }
}
