package io.sluice.node.settings;

import java.time.Duration;

/**
 * Keep-alive connections to upstreams, per target and event loop.
 *
 * @param size idle connections kept per target on the node; 0 closes after each request
 * @param requests most requests over one connection
 * @param idleTimeout how long an idle connection is kept
 */
public record PoolSettings(int size, int requests, Duration idleTimeout) {

    /** Kong's defaults. */
    public static final PoolSettings DEFAULT = new PoolSettings(512, 10_000, Duration.ofSeconds(60));
}
