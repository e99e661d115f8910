package io.sluice.state.model;

import java.util.Locale;
import java.util.Optional;

/** The protocols that services, routes and plugins name, in Kong's words. */
public enum Protocol {
    HTTP,
    HTTPS,
    TCP,
    TLS,
    TLS_PASSTHROUGH,
    UDP,
    GRPC,
    GRPCS,
    WS,
    WSS;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word as written in configuration, for example {@code tls_passthrough}. */
    public String word() {
        return word;
    }

    /** Whether the protocol runs inside TLS terminated by the gateway or spoken to an upstream. */
    public boolean secure() {
        return this == HTTPS || this == TLS || this == GRPCS || this == WSS;
    }

    /** Whether it is gRPC, and so HTTP/2 towards upstreams. */
    public boolean grpc() {
        return this == GRPC || this == GRPCS;
    }

    /** Whether requests of this protocol are HTTP requests (as opposed to byte streams). */
    public boolean http() {
        return this == HTTP || this == HTTPS || this == GRPC || this == GRPCS || this == WS || this == WSS;
    }

    /** The protocol of a configuration word; empty if there is none. */
    public static Optional<Protocol> of(String word) {
        for (Protocol protocol : values()) {
            if (protocol.word.equals(word)) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }
}
