package io.sluice.state.limit;

/**
 * Admits requests as long as every period of their limits has room. One limiter belongs to one {@link LimitRule} and counts
 * each key apart; what it has counted does not depend on the limits, so these may change from call to call. Thread-safe.
 */
public interface RateLimiter extends AutoCloseable {

    /**
     * Checks all periods and, only if each has room, counts in all of them, as one step: with a limit of 50, exactly 50 of
     * any number of concurrent requests are admitted. Does not block and, for a key it knows, does not allocate unless the
     * outcome is {@link Outcome#pending() pending}.
     *
     * @param key whom to count; any string
     * @param limits over the periods to count in; {@link Limits#concurrent} if and only if the rule says CONCURRENCY. What is
     *     best passed is always the same object: equal ones cost a comparison, other ones are a change of the limit
     * @param cost how much to count, at least 1
     * @param outcome made for as many positions as the limits have; filled before the method returns, or later if pending
     */
    void acquire(String key, Limits limits, long cost, Outcome outcome);

    /**
     * Gives back what an outcome of a CONCURRENCY rule admitted; to be called exactly once for each admitted outcome, on any
     * thread. Without effect for other rules.
     */
    void release(Outcome outcome);

    /** How many keys are remembered, about. */
    long keys();

    /** Forgets every key, if no other user of the same rule is left. */
    @Override
    void close();
}
