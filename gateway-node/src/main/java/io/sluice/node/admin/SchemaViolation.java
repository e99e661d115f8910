package io.sluice.node.admin;

import io.sluice.state.model.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An error tree of a schema in Kong's words: object errors first, then the fields by name. */
final class SchemaViolation {

    private SchemaViolation() {}

    static Answer of(Map<?, ?> errors) {
        List<String> lines = new ArrayList<>();
        collect("", errors, lines);
        String message = lines.size() == 1
                ? "schema violation (" + lines.get(0) + ")"
                : lines.size() + " schema violations (" + String.join("; ", lines) + ")";
        Map<String, @Nullable Object> fields = new TreeMap<>();
        errors.forEach((name, error) -> fields.put(String.valueOf(name), error));
        return Answer.error(400, 2, "schema violation", message, fields);
    }

    private static void collect(String path, @Nullable Object error, List<String> lines) {
        if (error instanceof Map<?, ?> map) {
            if (map.get(Schema.ENTITY) instanceof List<?> whole) {
                whole.forEach(message -> lines.add((path.isEmpty() ? "" : path + ": ") + message));
            }
            new TreeMap<String, @Nullable Object>(named(map)).forEach((name, one) -> {
                if (!name.equals(Schema.ENTITY)) {
                    collect(path.isEmpty() ? name : path + "." + name, one, lines);
                }
            });
        } else if (error instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(path + "." + (i + 1), list.get(i), lines);
            }
        } else if (error != null) {
            lines.add(path + ": " + error);
        }
    }

    private static Map<String, @Nullable Object> named(Map<?, ?> map) {
        Map<String, @Nullable Object> named = new TreeMap<>();
        map.forEach((name, value) -> named.put(String.valueOf(name), value));
        return named;
    }
}
