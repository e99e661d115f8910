package io.sluice.state.limit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many keys all limiters of a node may remember together, so that a flood of made-up identities cannot fill the
 * memory. A key costs about 110 bytes, and 0.5 KiB per period with a sliding window; 2 KiB more if it uses much of it, but no
 * more than one in {@value #DETAILED} of all keys do so at a time. Thread-safe.
 */
public final class KeyBudget {

    /** Enough for a million clients; about 110 MB if all are there at once. */
    public static final long DEFAULT = 1_048_576;

    private static final int DETAILED = 64;

    private final long most;
    private final AtomicLong details = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final LongAdder exceeded = new LongAdder();

    /** A budget of so many keys, at least 1. */
    public KeyBudget(long most) {
        if (most < 1) {
            throw new IllegalArgumentException("key budget: " + most + " (expected: >= 1)");
        }
        this.most = most;
    }

    /** How many keys are remembered now. */
    public long taken() {
        return taken.get();
    }

    /** How many keys may be remembered. */
    public long most() {
        return most;
    }

    /** How often a new key found no place: nearly always, one that is used less was forgotten for it before its time. */
    public long exceeded() {
        return exceeded.sum();
    }

    boolean take() {
        long now = taken.get();
        while (now < most) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        exceeded.increment();
        return false;
    }

    /** Whether there is memory to count one more key in more detail; threads that ask at the same time may all be told so. */
    boolean mayDetail() {
        return details.get() < Math.max(1, most / DETAILED);
    }

    /** So many more periods are counted in detail. */
    void detailed(int more) {
        if (more != 0) {
            details.addAndGet(more);
        }
    }

    void overdraw() {
        taken.incrementAndGet();
    }

    void giveBack() {
        taken.decrementAndGet();
    }
}
