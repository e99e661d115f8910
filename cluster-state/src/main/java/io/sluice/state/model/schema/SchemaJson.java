package io.sluice.state.model.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A schema as Kong's Admin API shows it: {@code {"entity_checks":[..],"fields":[{"name":{"type":"string",..}},..]}}. The result
 * is a tree of Map, List, String, Boolean, Long and Double. Pure.
 */
public final class SchemaJson {

    /** The rules that are data; the others are code and have no JSON. */
    private static final Set<String> SHOWN = Set.of(
            "between",
            "gt",
            "one_of",
            "not_one_of",
            "len_min",
            "len_max",
            "starts_with",
            "match",
            "uuid",
            "timestamp",
            "unique",
            "auto",
            "mutually_exclusive_subsets");

    private SchemaJson() {}

    /** The whole schema. */
    public static Map<String, Object> of(Schema schema) {
        Map<String, Object> json = new LinkedHashMap<>();
        List<Object> checks = new ArrayList<>();
        schema.checks().stream()
                .map(Check::description)
                .filter(description -> !description.isEmpty())
                .forEach(checks::add);
        if (!checks.isEmpty()) {
            json.put("entity_checks", checks);
        }
        json.put("fields", fields(schema));
        return json;
    }

    private static List<Object> fields(Schema schema) {
        List<Object> fields = new ArrayList<>();
        schema.fields().forEach(field -> fields.add(Map.of(field.name(), field(field))));
        return fields;
    }

    private static Map<String, Object> field(Field field) {
        Map<String, Object> json = type(field.type());
        if (field.required()) {
            json.put("required", true);
        }
        if (field.defaultValue() != null) {
            json.put("default", field.defaultValue());
        }
        if (field.referenceable()) {
            json.put("referenceable", true);
        }
        if (field.secret()) {
            json.put("encrypted", true);
        }
        return json;
    }

    private static Map<String, Object> type(Type type) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", type.word());
        type.rules().stream()
                .filter(rule -> SHOWN.contains(rule.attribute()))
                .forEach(rule -> json.put(rule.attribute(), rule.argument()));
        if (type instanceof Type.Sequence sequence) {
            json.put("elements", type(sequence.element()));
        } else if (type instanceof Type.Mapping mapping) {
            json.put("keys", type(mapping.keys()));
            json.put("values", type(mapping.values()));
        } else if (type instanceof Type.Nested nested) {
            json.putAll(of(nested.schema()));
        } else if (type instanceof Type.Foreign foreign) {
            json.put("reference", foreign.kind());
        }
        return json;
    }
}
