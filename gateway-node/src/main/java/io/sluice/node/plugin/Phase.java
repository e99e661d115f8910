package io.sluice.node.plugin;

/** The stations of one request at which plugins are called, in order. */
public enum Phase {
    /** Before routing; only global plugins. */
    REWRITE,
    /** After routing, before the upstream is contacted. */
    ACCESS,
    /** When the response head is known, from an upstream or from the gateway itself. */
    RESPONSE_HEAD,
    /** While the response body passes. */
    RESPONSE_BODY,
    /** After the last byte. */
    LOG
}
