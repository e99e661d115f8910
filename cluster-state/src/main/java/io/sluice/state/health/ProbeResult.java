package io.sluice.state.health;

/** What came of a probe. */
public sealed interface ProbeResult {

    /**
     * There was an answer.
     *
     * @param status of HTTP, also for what a gRPC health check means: 200 for serving, 503 for not; 200 for a TCP connection that was
     *     accepted; 0 for an answer that cannot be read
     */
    record Answered(int status) implements ProbeResult {}

    /**
     * There was no connection, or no TLS on it.
     *
     * @param reason in a few words, for operators
     */
    record Refused(String reason) implements ProbeResult {}

    /** Nothing within the time. */
    record TimedOut() implements ProbeResult {}
}
