package io.sluice.state.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many keys all limiters of a node may remember together, so that a flood of made-up identities cannot fill the
 * memory. A key costs about 130 bytes, and 0.5 KiB per period with a sliding window. Thread-safe.
 */
public final class KeyBudget {

    /** Enough for a million clients; about 130 MB if all are there at once. */
    public static final long DEFAULT = 1_048_576;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

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

    boolean take() {
        long now = taken.get();
        while (now < most) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    void overdraw() {
        taken.incrementAndGet();
    }

    void giveBack() {
        taken.decrementAndGet();
    }
}
