package io.sluice.node.config;

import io.sluice.node.config.document.TextFormat;
import io.sluice.state.model.GatewayConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration that a source proposes, in the form the source has it in. */
public sealed interface Candidate {

    /** The text of a declarative document. */
    record Text(String text, TextFormat format) implements Candidate {
        @Override
        public String toString() {
            return "Text[" + format + "]";
        }
    }

    /**
     * A declarative document that is parsed already; handed over, may be changed.
     *
     * @param hash of it, if whoever proposes it knows it: to work it out takes as long as to write all of it; else empty
     */
    record Tree(Map<String, @Nullable Object> root, String hash) implements Candidate {

        /** One whose hash is not known. */
        public Tree(Map<String, @Nullable Object> root) {
            this(root, "");
        }

        @Override
        public String toString() {
            return "Tree[]";
        }
    }

    /** Entities that are checked already; every reference resolves. */
    record Model(GatewayConfig config) implements Candidate {
        @Override
        public String toString() {
            return "Model[" + config.hash() + "]";
        }
    }
}
