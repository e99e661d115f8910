package io.sluice.state.model.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules over several fields that schemas share. */
public final class Checks {

    private Checks() {}

    /** At least one of the (dotted) fields is set and not empty. */
    public static Check atLeastOneOf(String... names) {
        return described("at_least_one_of", names, (object, errors) -> {
            if (Arrays.stream(names).noneMatch(name -> isSet(object, name))) {
                errors.entity("at least one of these fields must be non-empty: " + quoted(names));
            }
        });
    }

    /** Exactly one of the (dotted) fields is set. */
    public static Check onlyOneOf(String... names) {
        return described("only_one_of", names, (object, errors) -> {
            if (Arrays.stream(names).filter(name -> isSet(object, name)).count() != 1) {
                errors.entity("exactly one of these fields must be non-empty: " + quoted(names));
            }
        });
    }

    /** At most one of the (dotted) fields is set. */
    public static Check mutuallyExclusive(String... names) {
        return described("mutually_exclusive", names, (object, errors) -> {
            if (Arrays.stream(names).filter(name -> isSet(object, name)).count() > 1) {
                errors.entity("only one or none of these fields must be set: " + quoted(names));
            }
        });
    }

    /** If one is set, all are. */
    public static Check allOrNone(String... names) {
        return described("mutually_required", names, (object, errors) -> {
            long set = Arrays.stream(names).filter(name -> isSet(object, name)).count();
            if (set != 0 && set != names.length) {
                errors.entity("all or none of these fields must be set: " + quoted(names));
            }
        });
    }

    /** The set ones among the (dotted) fields all differ. */
    public static Check distinct(String... names) {
        return described("distinct", names, (object, errors) -> {
            List<Object> set = new ArrayList<>();
            for (String name : names) {
                Object value = value(object, name);
                if (value != null) {
                    set.add(value);
                }
            }
            if (new HashSet<>(set).size() != set.size()) {
                errors.entity("values of these fields must be distinct: " + quoted(names));
            }
        });
    }

    /** If the second field has one of the values, the first is set. */
    public static Check requiredWhen(String then, String field, Object... values) {
        return conditional(field, List.of(values)::contains, then, value -> value != null, "required field missing");
    }

    /** If the second field matches, the first is not set. */
    public static Check unsetWhen(String then, String field, Predicate<Object> matches) {
        return conditional(field, matches, then, value -> value == null, "value must be null");
    }

    /** If the second field has the value, the first has one of those listed. */
    public static Check oneOfWhen(String then, List<String> allowed, String field, Object value) {
        return conditional(
                field,
                value::equals,
                then,
                given -> given == null || allowed.contains(given),
                "expected one of: " + String.join(", ", allowed));
    }

    /** If the field matches, the other must be fine; reported for the object and for the other field. */
    public static Check conditional(
            String field, Predicate<Object> matches, String then, Predicate<@Nullable Object> fine, String message) {
        return reading(List.of(field, then), Map.of(), (object, errors) -> {
            Object value = value(object, field);
            if (value != null && matches.test(value) && !fine.test(value(object, then))) {
                errors.field(then, message);
                errors.entity("failed conditional validation given value of field '" + field + "'");
            }
        });
    }

    /** A check of these (dotted) fields only, so that errors elsewhere do not silence it. */
    public static Check over(List<String> names, Check check) {
        return reading(names, check.description(), check);
    }

    /** The value of a dotted field path; null if absent. */
    public static @Nullable Object value(Map<String, @Nullable Object> object, String path) {
        Object at = object;
        int from = 0;
        while (from <= path.length()) {
            int dot = path.indexOf('.', from);
            int to = dot < 0 ? path.length() : dot;
            at = at instanceof Map<?, ?> map ? map.get(path.substring(from, to)) : null;
            from = to + 1;
        }
        return at;
    }

    /** Whether the (dotted) field has a value that is not an empty collection. */
    public static boolean isSet(Map<String, @Nullable Object> object, String path) {
        Object value = value(object, path);
        boolean empty =
                value instanceof Collection<?> many ? many.isEmpty() : value instanceof Map<?, ?> map && map.isEmpty();
        return value != null && !empty;
    }

    /** {@code 'a', 'b'}. */
    public static String quoted(String... names) {
        return Arrays.stream(names).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    private static Check described(String word, String[] names, Check check) {
        return reading(List.of(names), Map.of(word, List.of(names)), check);
    }

    private static Check reading(List<String> names, Map<String, Object> description, Check check) {
        Set<String> tops = names.stream()
                .map(name -> name.indexOf('.') < 0 ? name : name.substring(0, name.indexOf('.')))
                .collect(Collectors.toUnmodifiableSet());
        return new Check() {
            @Override
            public Set<String> reads() {
                return tops;
            }

            @Override
            public void run(Map<String, @Nullable Object> object, Errors errors) {
                check.run(object, errors);
            }

            @Override
            public Map<String, Object> description() {
                return description;
            }
        };
    }
}
