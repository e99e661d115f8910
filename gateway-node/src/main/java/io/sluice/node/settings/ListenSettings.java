package io.sluice.node.settings;

/**
 * One address to listen on, from {@code proxy_listen} and its siblings.
 *
 * @param host a literal address; 0.0.0.0 and :: mean all
 * @param port 0 to 65535, 0 lets the system choose
 * @param backlog pending connections the system may queue
 */
public record ListenSettings(
        String host, int port, boolean ssl, boolean http2, boolean proxyProtocol, boolean reusePort, int backlog) {}
