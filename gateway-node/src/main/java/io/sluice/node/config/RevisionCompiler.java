package io.sluice.node.config;

import io.sluice.state.model.GatewayConfig;

/**
 * Makes the form of a configuration that requests are served by.
 *
 * @param <R> that form
 */
@FunctionalInterface
public interface RevisionCompiler<R> {

    /**
     * Compiles a configuration whose secrets are resolved. Called off the event loops; may block briefly.
     *
     * @throws IllegalArgumentException if it cannot be used here; the message is shown and the configuration refused
     */
    R compile(GatewayConfig config);

    /** The revision has become live. Called on the keeper's thread: must not block. */
    default void published(R revision) {}
}
