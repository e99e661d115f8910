package io.sluice.state.model.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The type of a value and its constraints. Values are String, Boolean, Long, Double, List, Map and null, as a JSON or YAML
 * reader gives them; Integer and the like are widened. Immutable and pure.
 */
public sealed interface Type {

    /** Checks the value (never null) and gives it in normal form. */
    Checked check(Object value);

    /** The type's word in Kong's schema JSON. */
    String word();

    /** The constraints, in the order they are tested. */
    List<Rule> rules();

    /** A string; must not be empty unless a minimum length says otherwise. */
    static Text string(Rule... rules) {
        return new Text(List.of(rules));
    }

    /** A whole number. */
    static Whole integer(Rule... rules) {
        return new Whole(List.of(rules));
    }

    /** Any finite number. */
    static Decimal number(Rule... rules) {
        return new Decimal(List.of(rules));
    }

    /** True or false. */
    static Flag bool() {
        return new Flag();
    }

    /** A list whose order matters. */
    static Sequence array(Type element, Rule... rules) {
        return new Sequence(element, false, List.of(rules));
    }

    /** A list without repetition; repeated elements are dropped. */
    static Sequence set(Type element, Rule... rules) {
        return new Sequence(element, true, List.of(rules));
    }

    /** A map with free keys. */
    static Mapping map(Type keys, Type values, Rule... rules) {
        return new Mapping(keys, values, List.of(rules));
    }

    /** A nested object with its own schema. */
    static Nested record(Schema schema) {
        return new Nested(schema);
    }

    /** A reference to an entity of the named kind (plural, for example {@code services}); the value is passed on as given. */
    static Foreign foreign(String kind) {
        return new Foreign(kind);
    }

    /** Runs the rules in order and gives the first error. */
    private static Checked apply(List<Rule> rules, Object value) {
        for (Rule rule : rules) {
            Optional<String> error = rule.test().apply(value);
            if (error.isPresent()) {
                return Checked.bad(error.get());
            }
        }
        return Checked.good(value);
    }

    record Text(List<Rule> rules) implements Type {
        @Override
        public Checked check(Object value) {
            if (!(value instanceof String text)) {
                return Checked.bad("expected a string");
            }
            if (text.isEmpty()
                    && rules.stream().noneMatch(rule -> rule.attribute().equals("len_min"))) {
                return Checked.bad("length must be at least 1");
            }
            return apply(rules, text);
        }

        @Override
        public String word() {
            return "string";
        }
    }

    record Whole(List<Rule> rules) implements Type {
        @Override
        public Checked check(Object value) {
            if (value instanceof Integer || value instanceof Long || value instanceof Short) {
                return apply(rules, ((Number) value).longValue());
            }
            boolean whole = value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15;
            return whole ? apply(rules, ((Double) value).longValue()) : Checked.bad("expected an integer");
        }

        @Override
        public String word() {
            return "integer";
        }
    }

    record Decimal(List<Rule> rules) implements Type {
        @Override
        public Checked check(Object value) {
            if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
                return Checked.bad("expected a number");
            }
            boolean whole = value instanceof Integer || value instanceof Long;
            return apply(rules, whole ? (Object) number.longValue() : (Object) number.doubleValue());
        }

        @Override
        public String word() {
            return "number";
        }
    }

    record Flag() implements Type {
        @Override
        public Checked check(Object value) {
            return value instanceof Boolean ? Checked.good(value) : Checked.bad("expected a boolean");
        }

        @Override
        public String word() {
            return "boolean";
        }

        @Override
        public List<Rule> rules() {
            return List.of();
        }
    }

    record Sequence(Type element, boolean distinct, List<Rule> rules) implements Type {
        @Override
        public Checked check(Object value) {
            if (!(value instanceof List<?> list)) {
                return Checked.bad(distinct ? "expected a set" : "expected an array");
            }
            List<Object> values = new ArrayList<>(list.size());
            @Nullable Object[] errors = new @Nullable Object[list.size()];
            boolean failed = false;
            for (int i = 0; i < list.size(); i++) {
                Object one = list.get(i);
                Checked checked = one == null ? Checked.bad("required field missing") : element.check(one);
                errors[i] = checked.error();
                failed |= !checked.ok();
                if (checked.value() != null) {
                    values.add(checked.value());
                }
            }
            if (failed) {
                return Checked.bad(Arrays.asList(errors));
            }
            return apply(rules, distinct ? new ArrayList<>(new LinkedHashSet<>(values)) : values);
        }

        @Override
        public String word() {
            return distinct ? "set" : "array";
        }
    }

    record Mapping(Type keys, Type values, List<Rule> rules) implements Type {
        @Override
        public Checked check(Object value) {
            if (!(value instanceof Map<?, ?> map)) {
                return Checked.bad("expected a map");
            }
            Map<String, Object> result = new LinkedHashMap<>();
            Map<String, Object> errors = new LinkedHashMap<>();
            map.forEach((key, element) -> {
                Checked name = keys.check(key);
                Checked one = element == null ? Checked.bad("required field missing") : values.check(element);
                Object error = name.error() != null ? name.error() : one.error();
                if (error != null) {
                    errors.put(String.valueOf(key), error);
                } else if (one.value() != null) {
                    result.put(String.valueOf(key), one.value());
                }
            });
            return errors.isEmpty() ? apply(rules, result) : Checked.bad(errors);
        }

        @Override
        public String word() {
            return "map";
        }
    }

    record Nested(Schema schema) implements Type {
        @Override
        public Checked check(Object value) {
            return value instanceof Map<?, ?> map ? schema.check(map) : Checked.bad("expected a record");
        }

        @Override
        public String word() {
            return "record";
        }

        @Override
        public List<Rule> rules() {
            return List.of();
        }
    }

    record Foreign(String kind) implements Type {
        @Override
        public Checked check(Object value) {
            return value instanceof String || value instanceof Map<?, ?>
                    ? Checked.good(value)
                    : Checked.bad("expected a reference to an entry in '" + kind + "'");
        }

        @Override
        public String word() {
            return "foreign";
        }

        @Override
        public List<Rule> rules() {
            return List.of();
        }
    }
}
