package io.sluice.state.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that stands for a secret: {@code {vault://name/id/key?option=value#version}}. Immutable.
 *
 * @param vault a backend's name or a configured vault's prefix
 * @param id which secret
 * @param key the member of a secret that is a JSON object; null for the whole secret
 * @param options what follows the question mark
 */
public record VaultReference(
        String vault, String id, @Nullable String key, Map<String, String> options) {

    private static final String BEGIN = "{vault://";

    /** Whether the text is meant as a reference. */
    public static boolean isOne(String text) {
        return text.startsWith(BEGIN) && text.endsWith("}");
    }

    /** Reads a reference; empty if the text is none or names no vault or no secret. */
    public static Optional<VaultReference> parse(String text) {
        if (!isOne(text)) {
            return Optional.empty();
        }
        String inside = text.substring(BEGIN.length(), text.length() - 1);
        String path = before(before(inside, '#'), '?');
        String query = path.length() < before(inside, '#').length()
                ? before(inside, '#').substring(path.length() + 1)
                : "";
        String[] parts = path.split("/", 3);
        if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            return Optional.empty();
        }
        String key = parts.length == 3 && !parts[2].isEmpty() ? parts[2] : null;
        return Optional.of(new VaultReference(parts[0], parts[1], key, options(query)));
    }

    private static Map<String, String> options(String query) {
        Map<String, String> options = new HashMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                options.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return Map.copyOf(options);
    }

    private static String before(String text, char mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }
}
