package io.sluice.deploy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks a value against a structural schema as the API server does with strict field validation: what the schema does not know is a
 * problem. Only the words that our definitions use are known; another one is an error, so that none goes unchecked.
 */
final class StructuralSchema {

    private static final Set<String> CHECKED = Set.of(
            "type",
            "properties",
            "required",
            "items",
            "additionalProperties",
            "enum",
            "pattern",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "format",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-list-type");
    private static final Set<String> UNCHECKED =
            Set.of("description", "default", "x-kubernetes-validations", "x-kubernetes-list-map-keys");

    private final List<String> problems = new ArrayList<>();

    private StructuralSchema() {}

    /** What is wrong with the value; empty if nothing is. */
    static List<String> problems(Map<String, Object> schema, Object value) {
        StructuralSchema check = new StructuralSchema();
        check.value("", schema, value);
        return check.problems;
    }

    private void value(String path, Map<String, Object> schema, Object value) {
        for (String word : schema.keySet()) {
            if (!CHECKED.contains(word) && !UNCHECKED.contains(word)) {
                throw new IllegalArgumentException(path + ": the schema says " + word + ", which is not checked");
            }
        }
        Object type = schema.get("type");
        if (type == null) {
            return; // preserves whatever is there
        }
        switch (type.toString()) {
            case "object" -> object(path, schema, value);
            case "array" -> array(path, schema, value);
            case "string" -> string(path, schema, value);
            case "integer" -> integer(path, schema, value);
            case "boolean" -> demand(value instanceof Boolean, path, "no boolean");
            default -> throw new IllegalArgumentException(path + ": type " + type);
        }
    }

    private void object(String path, Map<String, Object> schema, Object value) {
        if (!(value instanceof Map<?, ?> fields)) {
            problems.add(path + ": no object");
            return;
        }
        Manifests.list(schema, "required")
                .forEach(name -> demand(fields.containsKey(name), path + "." + name, "missing"));
        Object others = schema.get("additionalProperties");
        boolean open = Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"))
                || (schema.size() == 1 && path.equals(".metadata"));
        fields.forEach((name, field) -> {
            String at = path + "." + name;
            Object known = Manifests.at(schema, "properties", name.toString());
            if (known != null) {
                value(at, Manifests.map(known), field);
            } else if (others != null) {
                value(at, Manifests.map(others), field);
            } else {
                demand(open, at, "unknown field");
            }
        });
    }

    private void array(String path, Map<String, Object> schema, Object value) {
        if (!(value instanceof List<?> items)) {
            problems.add(path + ": no list");
            return;
        }
        within(path, schema, "minItems", "maxItems", items.size());
        if ("set".equals(schema.get("x-kubernetes-list-type"))) {
            demand(Set.copyOf(items).size() == items.size(), path, "twice the same");
        }
        for (int i = 0; i < items.size(); i++) {
            value(path + "[" + i + "]", Manifests.map(schema.get("items")), items.get(i));
        }
    }

    private void string(String path, Map<String, Object> schema, Object value) {
        if (!(value instanceof String text)) {
            problems.add(path + ": no string");
            return;
        }
        within(path, schema, "minLength", "maxLength", text.length());
        List<Object> allowed = Manifests.list(schema, "enum");
        demand(allowed.isEmpty() || allowed.contains(text), path, text + " (expected: one of " + allowed + ")");
        Object pattern = schema.get("pattern");
        demand(
                pattern == null
                        || Pattern.compile(pattern.toString()).matcher(text).find(),
                path,
                text + " (expected: " + pattern + ")");
        if ("date-time".equals(schema.get("format"))) {
            try {
                Instant.parse(text);
            } catch (DateTimeParseException e) {
                problems.add(path + ": no time");
            }
        }
    }

    private void integer(String path, Map<String, Object> schema, Object value) {
        if (!(value instanceof Integer || value instanceof Long)) {
            problems.add(path + ": no integer");
            return;
        }
        within(path, schema, "minimum", "maximum", ((Number) value).longValue());
    }

    private void within(String path, Map<String, Object> schema, String least, String most, long value) {
        if (schema.get(least) instanceof Number bound) {
            demand(value >= bound.longValue(), path, value + " (expected: " + least + " " + bound + ")");
        }
        if (schema.get(most) instanceof Number bound) {
            demand(value <= bound.longValue(), path, value + " (expected: " + most + " " + bound + ")");
        }
    }

    private void demand(boolean holds, String path, String problem) {
        if (!holds) {
            problems.add(path + ": " + problem);
        }
    }
}
