package io.sluice.node.proxy;

import io.sluice.state.health.Failure;

/**
 * Everything that can go wrong with a request, who caused it, and what the client is told (kong-compatible status and words).
 */
enum ProxyFailure {
    BAD_REQUEST(Source.CLIENT, 400, "Bad request", false),
    METHOD_NOT_ALLOWED(Source.CLIENT, 405, "Method not allowed", false),
    CLIENT_TIMEOUT(Source.CLIENT, 408, "Request timeout", false),
    BODY_TOO_LARGE(Source.CLIENT, 413, "Payload too large", false),
    TARGET_TOO_LONG(Source.CLIENT, 414, "URI too long", false),
    HEAD_TOO_LARGE(Source.CLIENT, 400, "Request header or cookie too large", false),
    PLAIN_HTTP(Source.CLIENT, 400, "The plain HTTP request was sent to HTTPS port", false),
    /** The host has a certificate of its own, and the connection was made for another one (RFC 9110, section 15.5.20). */
    MISDIRECTED(Source.CLIENT, 421, "The request was sent over a connection to another server name", false),
    CODING_NOT_IMPLEMENTED(Source.CLIENT, 501, "The upstream server responded with 501", false),
    VERSION_NOT_SUPPORTED(Source.CLIENT, 505, "The upstream server responded with 505", false),
    CLIENT_GONE(Source.CLIENT, 499, "The client closed the connection", false),
    NO_ROUTE(Source.GATEWAY, 404, "no Route matched with those values", true),
    NO_SERVICE(Source.GATEWAY, 503, "no Service found with those values", true),
    NO_PEER(Source.GATEWAY, 503, "failure to get a peer from the ring-balancer", true),
    NAME_NOT_RESOLVED(Source.GATEWAY, 503, "name resolution failed", true),
    /** The time that the client itself has set for a call of gRPC. */
    DEADLINE_EXCEEDED(Source.CLIENT, 504, "Deadline exceeded", true),
    /** Too many requests have failed there lately. */
    CIRCUIT_OPEN(Source.GATEWAY, 503, "the circuit breaker of the upstream is open", true),
    /** The streams of a connection have too much in memory together. */
    BODIES_HELD(Source.CLIENT, 503, "too many request bodies at a time on this connection", true),
    UNEXPECTED(Source.GATEWAY, 500, "An unexpected error occurred", true),
    /** The time that running requests have after the order to stop is over. */
    STOPPED(Source.GATEWAY, 503, "The gateway is stopping", true),
    /** The service wants a protocol that is not spoken to upstreams: sent as plain text it would be read by others. */
    PROTOCOL_NOT_SPOKEN(Source.GATEWAY, 502, "An invalid response was received from the upstream server", false),
    CONNECT_FAILED(Source.UPSTREAM, 502, "An invalid response was received from the upstream server", false),
    CONNECTION_BROKEN(Source.UPSTREAM, 502, "An invalid response was received from the upstream server", false),
    INVALID_RESPONSE(Source.UPSTREAM, 502, "An invalid response was received from the upstream server", false),
    UPSTREAM_TIMEOUT(Source.UPSTREAM, 504, "The upstream server is timing out", false),
    CONNECT_TIMEOUT(Source.UPSTREAM, 504, "The upstream server is timing out", false);

    /** Who caused it. */
    enum Source {
        CLIENT,
        UPSTREAM,
        GATEWAY
    }

    private final Source source;
    private final int status;
    private final String message;
    private final boolean routerStyle;

    ProxyFailure(Source source, int status, String message, boolean routerStyle) {
        this.source = source;
        this.status = status;
        this.message = message;
        this.routerStyle = routerStyle;
    }

    /** What it is for the health of the target that caused it. */
    Failure blame() {
        return switch (this) {
            case UPSTREAM_TIMEOUT -> Failure.TIMEOUT;
            case CONNECT_TIMEOUT -> Failure.CONNECT_TIMEOUT;
            case INVALID_RESPONSE -> Failure.HTTP;
            default -> Failure.TCP;
        };
    }

    /** What a refused request head means. */
    static ProxyFailure ofHead(int code) {
        return switch (code) {
            case -405 -> METHOD_NOT_ALLOWED;
            case -414 -> TARGET_TOO_LONG;
            case -494 -> HEAD_TOO_LARGE;
            case -501 -> CODING_NOT_IMPLEMENTED;
            case -505 -> VERSION_NOT_SUPPORTED;
            default -> BAD_REQUEST;
        };
    }

    Source source() {
        return source;
    }

    int status() {
        return status;
    }

    String message() {
        return message;
    }

    /** Whether Kong's router or plugins say it (JSON unless asked otherwise) rather than nginx (text by default). */
    boolean routerStyle() {
        return routerStyle;
    }
}
