package io.sluice.node.admin;

import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the strings of a form what the schema wants; a string that does not fit stays, and the schema complains about it. */
final class FormTypes {

    private FormTypes() {}

    static Map<String, @Nullable Object> convert(Map<String, ?> form, Schema schema) {
        Map<String, Field> fields = schema.fields().stream().collect(Collectors.toMap(Field::name, field -> field));
        Map<String, @Nullable Object> typed = new LinkedHashMap<>();
        form.forEach((name, value) -> {
            Field field = fields.get(name);
            typed.put(name, field == null ? value : convert(value, field.type()));
        });
        return typed;
    }

    private static @Nullable Object convert(@Nullable Object value, Type type) {
        if (value == null || value.equals("")) {
            return null;
        }
        if (type instanceof Type.Sequence sequence) {
            return elements(value).map(one -> convert(one, sequence.element())).collect(Collectors.toList());
        }
        if (type instanceof Type.Nested nested && value instanceof Map<?, ?> map) {
            return convert(named(map), nested.schema());
        }
        if (type instanceof Type.Mapping mapping && value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> typed = new LinkedHashMap<>();
            map.forEach((key, one) -> typed.put(String.valueOf(key), convert(one, mapping.values())));
            return typed;
        }
        return value instanceof String text ? scalar(text, type) : value;
    }

    private static Stream<?> elements(Object value) {
        if (value instanceof List<?> list) {
            return list.stream();
        }
        return value instanceof String text ? Stream.of(text.split(",")).map(String::strip) : Stream.of(value);
    }

    private static Map<String, @Nullable Object> named(Map<?, ?> map) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        map.forEach((key, value) -> named.put(String.valueOf(key), value));
        return named;
    }

    private static Object scalar(String text, Type type) {
        try {
            if (type instanceof Type.Whole) {
                return Long.parseLong(text);
            }
            if (type instanceof Type.Decimal) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            return text;
        }
        boolean flag = type instanceof Type.Flag && (text.equals("true") || text.equals("false"));
        return flag ? (Object) text.equals("true") : text;
    }
}
