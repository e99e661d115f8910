package io.sluice.state.model.schema;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

    /** The value of a dotted field path; null if absent. */
    public static @Nullable Object value(Map<String, @Nullable Object> object, String path) {
        Object at = object;
        for (String name : path.split("\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return at;
    }

    private static boolean isSet(Map<String, @Nullable Object> object, String path) {
        Object value = value(object, path);
        boolean empty =
                value instanceof Collection<?> many ? many.isEmpty() : value instanceof Map<?, ?> map && map.isEmpty();
        return value != null && !empty;
    }

    private static String quoted(String... names) {
        return Arrays.stream(names).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    private static Check described(String word, String[] names, Check check) {
        Map<String, Object> description = Map.of(word, List.of(names));
        return new Check() {
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
