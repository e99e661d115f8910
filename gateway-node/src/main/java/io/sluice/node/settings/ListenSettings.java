package io.sluice.node.settings;

/**
 * One address to listen on, from {@code proxy_listen} and its siblings.
 *
 * @param host a literal address; 0.0.0.0 and :: mean all
 * @param port 0 to 65535, 0 lets the system choose
 * @param upgrade whether clients may also ask for HTTP/2 in HTTP/1.1 (h2c)
 * @param backlog pending connections the system may queue
 */
public record ListenSettings(
        String host,
        int port,
        boolean ssl,
        boolean http2,
        boolean upgrade,
        boolean proxyProtocol,
        boolean reusePort,
        int backlog) {

    /** Without upgrade. */
    public ListenSettings(
            String host, int port, boolean ssl, boolean http2, boolean proxyProtocol, boolean reusePort, int backlog) {
        this(host, port, ssl, http2, false, proxyProtocol, reusePort, backlog);
    }
}
