package io.sluice.node.config.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tree of errors as a list: about the entity, or about a field by its dotted path (list positions count from 1). */
final class ErrorEntries {

    private ErrorEntries() {}

    /** {@code field} is empty if the entity as a whole is meant. */
    record Entry(String field, String message) {}

    static List<Entry> of(Map<String, ?> tree) {
        List<Entry> entries = new ArrayList<>();
        collect("", tree, entries);
        return entries;
    }

    private static void collect(String path, Map<?, ?> tree, List<Entry> into) {
        tree.forEach((name, error) -> {
            if ("@entity".equals(name)) {
                List<?> messages = error instanceof List<?> list ? list : List.of(String.valueOf(error));
                messages.forEach(message -> into.add(new Entry("", String.valueOf(message))));
            } else {
                collectOne(path.isEmpty() ? String.valueOf(name) : path + "." + name, error, into);
            }
        });
    }

    private static void collectOne(String path, Object error, List<Entry> into) {
        if (error instanceof Map<?, ?> map) {
            collect(path, map, into);
        } else if (error instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Object one = list.get(i);
                if (one != null) {
                    collectOne(path + "." + (i + 1), one, into);
                }
            }
        } else {
            into.add(new Entry(path, String.valueOf(error)));
        }
    }

    /** The entry of an entity: the entity as sent with its parent's id, without nested ones. */
    static Map<String, Object> flattened(Draft draft, List<Entry> entries) {
        Map<String, Object> entity = new LinkedHashMap<>();
        draft.given.forEach((name, value) -> {
            if (value != null) {
                entity.put(name, value);
            }
        });
        if (draft.parent != null && DraftIds.isUuid(draft.parent.given.getOrDefault("id", ""))) {
            entity.putIfAbsent(draft.parentField(), Map.of("id", draft.parent.id));
        }
        Map<String, Object> flattened = new LinkedHashMap<>();
        flattened.put("entity_type", draft.kind.singular());
        if (DraftIds.isUuid(entity.getOrDefault("id", ""))) {
            flattened.put("entity_id", entity.getOrDefault("id", ""));
        }
        if (entity.get("name") instanceof String name && !name.isEmpty()) {
            flattened.put("entity_name", name);
        }
        boolean tagged =
                entity.get("tags") instanceof List<?> tags && tags.stream().allMatch(String.class::isInstance);
        if (tagged) {
            flattened.put("entity_tags", entity.getOrDefault("tags", List.of()));
        }
        flattened.put("entity", entity);
        flattened.put("errors", entries.stream().map(ErrorEntries::json).toList());
        return flattened;
    }

    private static Map<String, Object> json(Entry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", entry.field().isEmpty() ? "entity" : "field");
        if (!entry.field().isEmpty()) {
            json.put("field", entry.field());
        }
        json.put("message", entry.message());
        return json;
    }
}
