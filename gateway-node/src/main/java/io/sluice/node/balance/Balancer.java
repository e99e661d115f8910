package io.sluice.node.balance;

/**
 * Picks one of several targets, numbered from 0. Pure but for its own counters; any thread, on the request path: no lock, no
 * allocation.
 */
public interface Balancer {

    /** {@link #pick} found no target that may be used. */
    int NONE = -1;

    /**
     * The next target.
     *
     * @param attempt 0 for a request's first try, counting up with each retry
     * @return a target's number or {@link #NONE}
     */
    int pick(int attempt);
}
