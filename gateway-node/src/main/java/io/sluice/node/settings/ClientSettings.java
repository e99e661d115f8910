package io.sluice.node.settings;

import java.time.Duration;

/**
 * What a client connection may ask of us.
 *
 * @param headerBytes longest request head (request line and fields together)
 * @param requestLineBytes longest request line
 * @param headerLineBytes longest single field line
 * @param headerCount most field lines
 * @param bodyBytes longest body, 0 for no limit (client_max_body_size)
 * @param headerTimeout from the first byte of a request to the end of its head
 * @param bodyTimeout longest pause between two pieces of a body
 * @param minimumBodyRate bytes per second a body must keep up, averaged over the time that the
 *     client is waited for, after the first ten seconds (or bodyTimeout, if that is less); 0 for none
 * @param idleTimeout how long a connection may wait for its next request
 * @param sendTimeout longest pause of a client that does not read its response
 * @param requests most requests on one connection
 * @param connections most client connections of the node at a time
 */
public record ClientSettings(
        int headerBytes,
        int requestLineBytes,
        int headerLineBytes,
        int headerCount,
        long bodyBytes,
        Duration headerTimeout,
        Duration bodyTimeout,
        int minimumBodyRate,
        Duration idleTimeout,
        Duration sendTimeout,
        int requests,
        int connections) {

    /** Kong's and nginx's defaults, with a deadline where they have none. */
    public static final ClientSettings DEFAULT = new ClientSettings(
            32 * 1024,
            8 * 1024,
            8 * 1024,
            100,
            0,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            100,
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            10_000,
            16_384);
}
