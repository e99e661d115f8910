package io.sluice.state.health;

/** What can go wrong with a target, as Kong counts it. */
public enum Failure {
    /** No connection, or no TLS on it. */
    TCP,
    /** No answer in time. */
    TIMEOUT,
    /** An answer that says so. */
    HTTP
}
