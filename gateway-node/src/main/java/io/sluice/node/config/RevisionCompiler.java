package io.sluice.node.config;

import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import java.util.List;

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

    /** What of a configuration cannot be put to work although all else is. */
    default List<Problem> problems(R revision) {
        return List.of();
    }

    /** The revision has become live. Called on the keeper's thread: must not block. */
    default void published(R revision) {}
}
