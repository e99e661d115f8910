package io.sluice.state.health;

/** What can go wrong with a target. */
public enum Failure {
    /** No connection, no TLS on it, or it broke. */
    TCP,
    /** There was a connection, but no answer in time. */
    TIMEOUT,
    /** An answer that says so. */
    HTTP,
    /** No connection in time: one of Kong's timeouts, but whether it is the target's fault is seen by connecting. */
    CONNECT_TIMEOUT;

    /** As which Kong counts it. */
    Failure counted() {
        return this == CONNECT_TIMEOUT ? TIMEOUT : this;
    }

    /** Whether there was no connection. */
    boolean isOfConnection() {
        return this == TCP || this == CONNECT_TIMEOUT;
    }
}
