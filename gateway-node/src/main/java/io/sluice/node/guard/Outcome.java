package io.sluice.node.guard;

/** How a request to an upstream has ended. */
public enum Outcome {
    SUCCESS,
    /** The upstream said so with a status of 500 or above, or gave no answer that can be passed on. */
    FAILURE,
    /** Nothing is known of the upstream: the client has gone, or the gateway refused to go on. */
    UNKNOWN;

    /** What an upstream's status means. */
    public static Outcome of(int status) {
        return status >= 500 ? FAILURE : SUCCESS;
    }
}
