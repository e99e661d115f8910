package io.sluice.state.model;

import org.jspecify.annotations.Nullable;

/**
 * What an upstream can have beyond Kong's fields; all of it is off unless set.
 *
 * @param hashBalanceFactor with consistent hashing: how many percent of its even share a target may carry at most, above 100;
 *     0 for no bound
 * @param slowStart the seconds in which the weight of a new or returning target grows to its full; 0 for at once
 * @param stickyCookie the cookie that keeps a client with its target; null without one
 */
public record UpstreamOptions(
        int hashBalanceFactor,
        double slowStart,
        @Nullable StickyCookie stickyCookie,
        @Nullable RetryBudget retryBudget,
        @Nullable CircuitBreaker circuitBreaker,
        @Nullable OutlierEjection outlierEjection,
        @Nullable Hedging hedging) {

    /** Nothing beyond Kong. */
    public static final UpstreamOptions NONE = new UpstreamOptions(0, 0, null, null, null, null, null);

    /** The name of a cookie and where the client shall send it. */
    public record StickyCookie(String name, String path) {}

    /**
     * How many retries the whole cluster makes at most.
     *
     * @param percent of the requests of the last ten seconds, 0 to 100
     * @param minPerSecond what is allowed besides, however few requests there are
     */
    public record RetryBudget(double percent, double minPerSecond) {}

    /**
     * When no more requests are sent to an upstream that fails them, and for how long.
     *
     * @param failurePercent of a node's requests in the window that opens it, 1 to 100
     * @param minRequests so many the node must have had in the window
     * @param window in seconds
     * @param openTime in seconds, after which a few requests try it
     * @param halfOpenRequests so many, in the whole cluster
     */
    public record CircuitBreaker(
            int failurePercent, int minRequests, double window, double openTime, int halfOpenRequests) {}

    /**
     * When a node leaves out a target that fails its requests, and for how long.
     *
     * @param consecutiveFailures so many in a row
     * @param baseEjectionTime in seconds, times the number of ejections
     * @param maxEjectionPercent of the targets' addresses that may be out at a time, 1 to 100
     */
    public record OutlierEjection(int consecutiveFailures, double baseEjectionTime, int maxEjectionPercent) {}

    /**
     * When a request that only reads is sent to a second target beside the first.
     *
     * @param delayMillis after so long without a response's head
     * @param percent of the requests of the last ten seconds, above 0, at most 100
     */
    public record Hedging(int delayMillis, double percent) {}
}
