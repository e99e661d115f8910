package io.sluice.state.model.schema;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The constraints that several schemas share. */
public final class Rules {

    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private Rules() {}

    /** A number from low to high, both included. */
    public static Rule between(long low, long high) {
        return new Rule("between", List.of(low, high), value -> {
            double number = ((Number) value).doubleValue();
            return number >= low && number <= high
                    ? Optional.empty()
                    : Optional.of("value should be between " + low + " and " + high);
        });
    }

    /** A number greater than the bound. */
    public static Rule greaterThan(long bound) {
        return new Rule(
                "gt",
                bound,
                value -> ((Number) value).doubleValue() > bound
                        ? Optional.empty()
                        : Optional.of("value must be greater than " + bound));
    }

    /** One of the given values. */
    public static Rule oneOf(Object... allowed) {
        List<Object> list = List.of(allowed);
        return new Rule(
                "one_of",
                list,
                value -> list.contains(value)
                        ? Optional.empty()
                        : Optional.of("expected one of: "
                                + String.join(
                                        ", ", list.stream().map(String::valueOf).toList())));
    }

    /** A string or collection with at least the given length. */
    public static Rule minimumLength(int length) {
        return new Rule(
                "len_min",
                (long) length,
                value -> lengthOf(value) >= length
                        ? Optional.empty()
                        : Optional.of("length must be at least " + length));
    }

    /** A string or collection with at most the given length. */
    public static Rule maximumLength(int length) {
        return new Rule(
                "len_max",
                (long) length,
                value ->
                        lengthOf(value) <= length ? Optional.empty() : Optional.of("length must be at most " + length));
    }

    /** A field name of RFC 9110 as Kong restricts it: letters, digits, dash and underscore. */
    public static Rule headerName() {
        return custom(
                "header_name",
                value -> HEADER_NAME.matcher((String) value).matches(),
                "bad header name '%s', " + "allowed characters are A-Z, a-z, 0-9, '_', and '-'");
    }

    /** A rule known by name only; {@code %s} in the message becomes the value. */
    public static Rule custom(String name, Predicate<Object> test, String message) {
        return new Rule(
                name,
                true,
                value -> test.test(value)
                        ? Optional.empty()
                        : Optional.of(message.replace("%s", String.valueOf(value))));
    }

    private static int lengthOf(Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        return value instanceof java.util.Collection<?> many ? many.size() : ((java.util.Map<?, ?>) value).size();
    }
}
