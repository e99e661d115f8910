package io.sluice.node.balance;

/**
 * Picks one of several targets, numbered from 0. Pure but for its own state, which all event loops share in atomics; any
 * thread, on the request path: no lock, no allocation.
 */
public interface Balancer {

    /** {@link #pick} found no target that may be used. */
    int NONE = -1;

    /**
     * The target for a try of a request.
     *
     * @return the number of a usable target with a weight above 0, or {@link #NONE} if there is none
     */
    int pick(Candidates candidates);
}
