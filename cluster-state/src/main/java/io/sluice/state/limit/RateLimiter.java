package io.sluice.state.limit;

/**
 * Admits requests as long as every period of their limits has room. One limiter belongs to one plugin configuration and
 * counts each key apart; what it has counted does not depend on the limits, so these may change from call to call as long as
 * the periods stay the same. Thread-safe.
 */
public interface RateLimiter extends AutoCloseable {

    /**
     * Checks all periods and, only if each has room, counts in all of them, as one step: with a limit of 50, exactly 50 of
     * any number of concurrent requests are admitted. Does not block and does not allocate for a key it knows.
     *
     * @param key whom to count; any string
     * @param limits over the periods this limiter was made for
     * @param cost how much to count, at least 1
     * @param now milliseconds since the epoch
     * @param outcome made for as many periods; filled before the method returns
     */
    void acquire(String key, Limits limits, long cost, long now, Outcome outcome);

    /**
     * Forgets some of the keys none of whose windows is current any more; meant to be called now and then from a timer.
     *
     * @param now milliseconds since the epoch
     * @param most how many keys to look at
     * @return how many were forgotten
     */
    int sweep(long now, int most);

    /** How many keys are remembered, about. */
    long keys();

    /** Forgets every key. */
    @Override
    void close();
}
