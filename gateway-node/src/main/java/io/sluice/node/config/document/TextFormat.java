package io.sluice.node.config.document;

import java.util.Locale;
import java.util.Optional;

/** How a declarative document is written. */
public enum TextFormat {
    JSON,
    YAML,
    /** Not known: JSON is tried first, then YAML. */
    ANY;

    /** By a file's name; empty if its ending is none of json, yml, yaml. */
    public static Optional<TextFormat> ofFileName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".json")) {
            return Optional.of(JSON);
        }
        return lower.endsWith(".yml") || lower.endsWith(".yaml") ? Optional.of(YAML) : Optional.empty();
    }
}
