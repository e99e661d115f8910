package io.sluice.node.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the router looks at in a request. Implemented by each edge; asked on one thread, lazily. */
public interface RouteRequest {

    /** The method, case kept. */
    String method();

    /** The host without port, lower-case; empty if there is none. */
    String host();

    /** The port of the Host header or, without one, of the listener. */
    int port();

    /** The normalised path. */
    String path();

    /** All values of a field; the name is lower-case. */
    List<String> headerValues(String name);

    /** Whether the connection is TLS. */
    boolean tls();

    /** The server name of the TLS handshake, lower-case. */
    @Nullable
    String sni();
}
