package io.sluice.state.limit;

import java.util.Collection;
import java.util.UUID;

/** A pool of one node whose clock says what the caller of each method says. */
final class TimedLimiter {
    private final ThreadLocal<Long> time = ThreadLocal.withInitial(() -> 0L);
    private final TokenPool pool;

    TimedLimiter(Collection<Period> periods, KeyBudget budget) {
        this(WindowType.FIXED, budget);
    }

    TimedLimiter(WindowType type, KeyBudget budget) {
        var rule =
                new LimitRule(new UUID(1, 2), Reach.NODE, type, Mode.STRICT, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK);
        pool = new TokenPool(rule, Limits.concurrent(1), budget, time::get, Ownership.SOLE, () -> {});
    }

    void acquire(String key, Limits limits, long cost, long now, Outcome outcome) {
        time.set(now);
        pool.acquire(key, limits, cost, outcome);
    }

    void peek(String key, Limits limits, long now, Outcome outcome) {
        time.set(now);
        pool.peek(key, limits, outcome);
    }

    void charge(String key, Limits limits, long cost, long now, Outcome outcome) {
        time.set(now);
        pool.charge(key, limits, cost, outcome);
    }

    void release(Outcome outcome) {
        pool.release(outcome);
    }

    /** Looks at every key, some at a time. */
    long sweep(long now, int most) {
        time.set(now);
        long before = pool.keys();
        pool.sweep(most);
        return before - pool.keys();
    }

    long keys() {
        return pool.keys();
    }

    void close() {
        pool.clear();
    }
}
