package io.sluice.state.model.schema;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The constraints that several schemas share. */
public final class Rules {

    private static final int UUID_LENGTH = 36;

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

    /** None of the given values. */
    public static Rule notOneOf(String... refused) {
        List<String> list = List.of(refused);
        return new Rule(
                "not_one_of",
                list,
                value -> list.contains(value)
                        ? Optional.of("must not be one of: " + String.join(", ", list))
                        : Optional.empty());
    }

    /** Text that begins so. */
    public static Rule startsWith(String beginning) {
        return new Rule(
                "starts_with",
                beginning,
                value -> ((String) value).startsWith(beginning)
                        ? Optional.empty()
                        : Optional.of("should start with: " + beginning));
    }

    /** Text that the whole pattern matches. */
    public static Rule match(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return new Rule(
                "match",
                "^" + pattern + "$",
                value -> compiled.matcher((String) value).matches()
                        ? Optional.empty()
                        : Optional.of("invalid value: " + value));
    }

    /** A UUID in its 36 characters. */
    public static Rule uuid() {
        return new Rule(
                "uuid",
                true,
                value -> isUuid((String) value) ? Optional.empty() : Optional.of("expected a valid UUID"));
    }

    private static boolean isUuid(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            boolean hex = c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
            if (dash ? c != '-' : !hex) {
                return false;
            }
        }
        return text.length() == UUID_LENGTH;
    }

    /** A point in time after the epoch. */
    public static Rule timestamp() {
        return new Rule(
                "timestamp",
                true,
                value -> ((Number) value).doubleValue() > 0
                        ? Optional.empty()
                        : Optional.of("expected a valid timestamp"));
    }

    /** A property that a single value cannot break, such as {@code unique} or {@code auto}. */
    public static Rule note(String attribute) {
        return new Rule(attribute, true, value -> Optional.empty());
    }

    /** A set that draws from one of the given groups only. */
    public static Rule exclusiveGroups(List<List<String>> groups) {
        return new Rule("mutually_exclusive_subsets", groups, value -> {
            List<List<String>> touched = groups.stream()
                    .filter(group -> ((Collection<?>) value).stream().anyMatch(group::contains))
                    .toList();
            String named = touched.stream()
                    .map(group -> "(" + Checks.quoted(group.toArray(String[]::new)) + ")")
                    .collect(Collectors.joining(", "));
            return touched.size() < 2 ? Optional.empty() : Optional.of("these sets are mutually exclusive: " + named);
        });
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
                value -> TextRules.allOf((String) value, c -> TextRules.isLetterOrDigit(c) || c == '_' || c == '-'),
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
        return value instanceof Collection<?> many ? many.size() : ((Map<?, ?>) value).size();
    }
}
