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

    /** How clients name the target when they are to come back to it; 0 if they are not. */
    default long identity(int target) {
        return 0;
    }

    /** A request goes to the target now; it is followed by one {@link #ended}. */
    default void started(int target) {}

    /** A request that went to the target has ended there, well or not. */
    default void ended(int target) {}

    /**
     * The target's response has begun.
     *
     * @param nanos since the try began, connecting included
     * @param now as {@link System#nanoTime}
     */
    default void responded(int target, long nanos, long now) {}

    /** The target has failed a try; parameters as above. */
    default void failed(int target, long nanos, long now) {}
}
