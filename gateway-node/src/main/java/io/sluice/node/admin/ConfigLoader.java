package io.sluice.node.admin;

import io.sluice.state.model.GatewayConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Puts a whole new configuration in the place of the one that is served. Any thread; does not block. */
public interface ConfigLoader {

    /**
     * Replaces the configuration, or leaves it as it is if there is a problem.
     *
     * @param checkHash do nothing if the text is the one served now
     */
    CompletionStage<Outcome> load(Document document, boolean checkHash);

    /** A declarative configuration as it was sent. */
    sealed interface Document {

        /** YAML or JSON. */
        record Text(String text) implements Document {}

        /** Already read from JSON. */
        record Tree(Map<String, @Nullable Object> tree) implements Document {}
    }

    /** What became of it. */
    sealed interface Outcome {

        /** It is served now. */
        record Loaded(GatewayConfig config) implements Outcome {}

        /** It was served already. */
        record Unchanged() implements Outcome {}

        /** Another one is being loaded. */
        record Busy() implements Outcome {}

        /**
         * It has problems.
         *
         * @param message Kong's sentence for all of them
         * @param fields tree of errors that mirrors the document
         * @param flattened the same as one list of entities with their errors
         */
        record Rejected(String message, Map<String, ?> fields, List<?> flattened) implements Outcome {}
    }
}
