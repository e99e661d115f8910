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
     * Fills the outcome with what is in use and takes nothing; the outcome is not admitted and never pending. Remembers the
     * key as {@link #acquire} does, and takes the same key and limits.
     */
    void peek(String key, Limits limits, Outcome outcome);

    /**
     * As {@link #acquire} with a cost of 1, but takes nothing: admits if a token of each period is free on this node, or has come
     * here from another one, which is asked if need be. For what has its cost counted later, by {@link #charge}; it never
     * uses what belongs to others, whatever the rule's mode.
     */
    void ensure(String key, Limits limits, Outcome outcome);

    /**
     * Counts what has been used already, such as what a response says it cost: if each period has at least one token left by
     * what this node knows of all nodes, all of the cost is counted in each, even beyond the limit; else the outcome is not
     * admitted and nothing is counted. Beyond the limit nothing is admitted until so much has become free again. Exact on one
     * node, also under concurrency. What this node does not own of it is asked for at once and owed until it comes or the window
     * ends; until then the node {@link #ensure ensures} nothing. That is not waited for, so the outcome is never pending. A bucket
     * forgets what goes beyond the limit by more than one bucket.
     *
     * @param cost how much to count, at least 1
     */
    void charge(String key, Limits limits, long cost, Outcome outcome);

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
