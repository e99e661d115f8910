package io.sluice.node.proxy;

/** Where a client connection stands in the life of a request. */
enum CycleState {
    /** Reading a head, or waiting for one. */
    HEAD,
    /** Plugins or the resolver decide. */
    DECIDING,
    /** Reading the body into memory for a plugin. */
    COLLECT,
    /** The upstream is asked or answers. */
    UPSTREAM,
    /** Answered; the rest of the body is thrown away. */
    DRAIN,
    /** Bytes pass both ways after an upgrade. */
    TUNNEL,
    /** Nothing more will be read; what was gathered still goes out. */
    CLOSING;

    /** Whether an exchange is under way. */
    boolean serving() {
        return this == DECIDING || this == COLLECT || this == UPSTREAM || this == TUNNEL;
    }
}
