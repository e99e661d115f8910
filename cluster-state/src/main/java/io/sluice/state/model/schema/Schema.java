package io.sluice.state.model.schema;

import io.sluice.state.model.VaultReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of an object and the rules over them. Immutable. */
public record Schema(List<Field> fields, List<Check> checks) {

    /** The key under which errors about the whole object are kept, with a List of String. */
    public static final String ENTITY = "@entity";

    /** A schema of these fields. */
    public static Schema of(Field... fields) {
        return new Schema(List.of(fields), List.of());
    }

    /** The same schema with one more rule over several fields. */
    public Schema with(Check check) {
        return new Schema(
                fields, Stream.concat(checks.stream(), Stream.of(check)).toList());
    }

    /** The same schema with more fields. */
    public Schema with(Field... more) {
        return new Schema(Stream.concat(fields.stream(), Stream.of(more)).toList(), checks);
    }

    /**
     * Checks an object: unknown fields, types, rules, required fields, then the checks over several fields. No message quotes a
     * secret field. The value is a map with every field of the schema in its order, defaults filled in, null where unset.
     */
    public Checked check(Map<?, ?> input) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        Map<String, Object> errors = new LinkedHashMap<>();
        for (Field field : fields) {
            Checked checked = member(field, input.get(field.name()));
            if (checked.error() != null) {
                errors.put(field.name(), checked.error());
            }
            result.put(field.name(), checked.value());
        }
        for (Object key : input.keySet()) {
            if (!result.containsKey(String.valueOf(key))) {
                errors.put(String.valueOf(key), "unknown field");
            }
        }
        Set<String> malformed = Set.copyOf(errors.keySet());
        Check.Errors sink = sink(errors);
        for (Check check : checks) {
            boolean readable =
                    check.reads().isEmpty() ? malformed.isEmpty() : Collections.disjoint(check.reads(), malformed);
            if (readable) {
                check.run(result, sink);
            }
        }
        return errors.isEmpty() ? Checked.good(result) : Checked.bad(errors);
    }

    private static Checked member(Field field, @Nullable Object given) {
        if (given != null) {
            boolean reference = field.referenceable() && given instanceof String text && VaultReference.isOne(text);
            Checked checked = reference ? Checked.good(given) : field.type().check(given);
            return field.secret() ? masked(checked, given) : checked;
        }
        if (field.defaultValue() != null) {
            return field.type() instanceof Type.Nested
                    ? field.type().check(field.defaultValue())
                    : Checked.good(field.defaultValue());
        }
        if (field.required()) {
            return field.type() instanceof Type.Nested nested
                    ? nested.check(Map.of())
                    : Checked.bad("required field missing");
        }
        return Checked.good(null);
    }

    /** Messages quote what was given; what is secret must not be quoted. */
    private static Checked masked(Checked checked, Object given) {
        boolean quoted = checked.error() instanceof String message
                && given instanceof String secret
                && !secret.isEmpty()
                && message.contains(secret);
        return quoted ? Checked.bad("invalid value (not shown: secret)") : checked;
    }

    private static Check.Errors sink(Map<String, Object> errors) {
        return new Check.Errors() {
            @Override
            @SuppressWarnings("unchecked")
            public void entity(String message) {
                ((List<String>) errors.computeIfAbsent(ENTITY, key -> new ArrayList<String>())).add(message);
            }

            @Override
            @SuppressWarnings("unchecked")
            public void field(String path, String message) {
                Map<String, Object> at = errors;
                String[] names = path.split("\\.");
                for (int i = 0; i < names.length - 1; i++) {
                    at = (Map<String, Object>) at.computeIfAbsent(names[i], key -> new LinkedHashMap<String, Object>());
                }
                at.putIfAbsent(names[names.length - 1], message);
            }
        };
    }
}
