package io.sluice.node.config.document;

import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.kind.StableId;
import io.sluice.state.model.schema.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives drafts their ids: the given one, else one derived from the natural key as Kong does. Where Kong would draw lots (a
 * route without a name), the id comes from what was written, so that all nodes with the same document agree on it; secrets
 * stay out of that, since ids are shown.
 */
final class DraftIds {

    /** What stands for the workspace in Kong's natural keys. */
    private static final String ANY_WORKSPACE = "*";

    private static final Set<String> VOLATILE = Set.of("_comment", "_ignore", "created_at", "updated_at");

    private final Map<String, Integer> repeated = new HashMap<>();

    /** Parents must have theirs first. */
    void assign(Draft draft) {
        if (draft.given.get("id") instanceof String given) {
            draft.id = given;
            return;
        }
        String key = naturalKey(draft);
        draft.id = StableId.of(draft.kind.plural(), key == null ? contentKey(draft) : key)
                .toString();
    }

    private static @Nullable String naturalKey(Draft draft) {
        EntityKind kind = draft.kind;
        if (kind.cacheKey().isEmpty()) {
            return kind.endpointKey().map(draft.given::get).orElse(null) instanceof String name ? name : null;
        }
        StringBuilder key = new StringBuilder(kind.plural()).append(':').append(ANY_WORKSPACE);
        for (String field : kind.cacheKey()) {
            String part = part(draft, field);
            boolean extension = field.equals("consumer_group");
            if (isAuto(kind, field) || part == null && required(kind, field)) {
                return null;
            }
            if (!extension || part != null) {
                key.append(':').append(part == null ? "" : part);
            }
        }
        return key.toString();
    }

    private static @Nullable String part(Draft draft, String field) {
        Object value = draft.given.get(field);
        if (value instanceof Map<?, ?> reference && reference.get("id") instanceof String id) {
            return id;
        }
        if (value instanceof String text) {
            return text;
        }
        return field.equals(draft.parentField()) && draft.parent != null ? draft.parent.id : null;
    }

    private String contentKey(Draft draft) {
        Set<String> secret = draft.kind.schema().fields().stream()
                .filter(Field::secret)
                .map(Field::name)
                .collect(Collectors.toSet());
        Map<String, Object> shown = new TreeMap<>();
        draft.given.forEach((name, value) -> {
            if (value != null && !secret.contains(name) && !VOLATILE.contains(name) && !name.equals("config")) {
                shown.put(name, value);
            }
        });
        String parent = draft.parent == null ? "" : draft.parent.id;
        String content = "content:" + draft.kind.plural() + ":" + parent + ":" + shown;
        int before = repeated.merge(content, 1, Integer::sum);
        return content + ":" + before;
    }

    private static boolean isAuto(EntityKind kind, String name) {
        return kind.schema().fields().stream()
                .filter(field -> field.name().equals(name))
                .flatMap(field -> field.type().rules().stream())
                .anyMatch(rule -> rule.attribute().equals("auto"));
    }

    private static boolean required(EntityKind kind, String name) {
        return kind.schema().fields().stream().anyMatch(field -> field.name().equals(name) && field.required());
    }

    static boolean isUuid(Object value) {
        try {
            return value instanceof String text
                    && text.length() == 36
                    && UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
