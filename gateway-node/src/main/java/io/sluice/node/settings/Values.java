package io.sluice.node.settings;

import io.sluice.state.model.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Typed access to the texts given for each key. A text that does not fit becomes a problem and the default takes its place, so
 * that all problems are found in one go. Remembers what was read for {@link #shown()}.
 */
final class Values {

    private static final String MASK = "******";
    private static final Set<String> SECRETS = Set.of(
            "declarative_config_string",
            "ssl_cert_key",
            "admin_ssl_cert_key",
            "client_ssl_cert_key",
            "cluster_cert_key");

    private final Map<String, Given> given;
    private final Map<String, Given> defaults;
    private final List<Problem> problems;
    private final Map<String, Object> shown = new LinkedHashMap<>();

    /**
     * @param given what people wrote, by Kong's key
     * @param defaults the value of every key, empty for unset
     */
    Values(Map<String, Given> given, Map<String, Given> defaults, List<Problem> problems) {
        this.given = given;
        this.defaults = defaults;
        this.problems = problems;
    }

    /** What was read so far, as the Admin API shows it. */
    Map<String, Object> shown() {
        return shown;
    }

    boolean isGiven(String key) {
        return given.containsKey(key);
    }

    /** Where the key's value was given, for problems that span keys. */
    String origin(String key) {
        Given one = given.get(key);
        return one == null ? key : one.origin();
    }

    void refuse(String key, String reason) {
        problems.add(new Problem(origin(key), "", reason));
    }

    /**
     * The parsed value.
     *
     * @param parser throws {@link IllegalArgumentException} saying what was expected
     */
    <T> T parsed(String key, Function<String, T> parser) {
        String fallback = defaults.get(key) == null ? "" : defaults.get(key).value();
        Given one = given.get(key);
        if (one != null) {
            try {
                return parser.apply(one.value());
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(one.origin(), "", one.value() + " (expected: " + e.getMessage() + ")"));
            }
        }
        return parser.apply(fallback);
    }

    private <T> T shownAs(String key, T value, Object form) {
        shown.put(key, SECRETS.contains(key) ? MASK : form);
        return value;
    }

    String text(String key) {
        String value = parsed(key, text -> text);
        return shownAs(key, value, value);
    }

    Optional<String> optional(String key) {
        String value = parsed(key, text -> text);
        return value.isEmpty() ? Optional.empty() : shownAs(key, Optional.of(value), value);
    }

    /** A path, or empty for {@code off}. */
    Optional<String> log(String key) {
        String value = text(key);
        return value.isEmpty() || value.equals("off") ? Optional.empty() : Optional.of(value.split("\\s+")[0]);
    }

    boolean flag(String key) {
        boolean value = parsed(key, text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> throw new IllegalArgumentException("on or off");
        });
        return shownAs(key, value, value);
    }

    int whole(String key, int low, int high) {
        int value = parsed(key, text -> number(text, low, high));
        return shownAs(key, value, value);
    }

    /** One of the words. */
    String word(String key, String... words) {
        String value = parsed(key, text -> {
            if (!List.of(words).contains(text)) {
                throw new IllegalArgumentException(String.join(", ", words));
            }
            return text;
        });
        return shownAs(key, value, value);
    }

    /** Bytes, from nginx's {@code 8k}, {@code 10m}, {@code 1g}. */
    long size(String key) {
        long value = parsed(key, Values::bytes);
        return shownAs(key, value, parsed(key, text -> text));
    }

    /** A time, from nginx's {@code 500ms}, {@code 60}, {@code 60s}, {@code 1m}, {@code 2h}, {@code 1d}. */
    Duration time(String key) {
        Duration value = parsed(key, Values::duration);
        return shownAs(key, value, parsed(key, text -> text));
    }

    Optional<Duration> optionalTime(String key) {
        return parsed(key, text -> text.isEmpty() ? Optional.<Duration>empty() : Optional.of(duration(text)));
    }

    List<String> list(String key) {
        List<String> value = parsed(key, Values::split);
        return shownAs(key, value, value);
    }

    <T> List<T> list(String key, Function<String, T> element) {
        List<T> value = parsed(key, text -> split(text).stream().map(element).toList());
        shown.put(key, parsed(key, Values::split));
        return value;
    }

    /** Files that can be read; a word that is no file is left out. */
    List<Path> files(String key, String word) {
        List<String> written = parsed(key, Values::split);
        List<Path> paths = parsed(
                key,
                text -> split(text).stream()
                        .filter(name -> !name.equals(word))
                        .map(Values::readable)
                        .toList());
        return shownAs(key, paths, written);
    }

    private static Path readable(String name) {
        Path path = Path.of(name).toAbsolutePath();
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new IllegalArgumentException("a readable file");
        }
        return path;
    }

    static List<String> split(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    static int number(String text, int low, int high) {
        try {
            int value = Integer.parseInt(text);
            if (value >= low && value <= high) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, with the bounds.
        }
        throw new IllegalArgumentException("a whole number from " + low + " to " + high);
    }

    static long bytes(String text) {
        List<String> units = List.of("k", "m", "g");
        String lower = text.toLowerCase(Locale.ROOT);
        String unit = lower.isEmpty() ? "" : lower.substring(lower.length() - 1);
        int power = units.indexOf(unit) + 1;
        String digits = power == 0 ? lower : lower.substring(0, lower.length() - 1);
        try {
            long value = Math.multiplyExact(Long.parseLong(digits), 1L << (10 * power));
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // Said below.
        }
        throw new IllegalArgumentException("a size such as 8k, 10m or 1g");
    }

    static Duration duration(String text) {
        int end = 0;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        try {
            long value = Long.parseLong(text.substring(0, end));
            return switch (text.substring(end).strip()) {
                case "ms" -> Duration.ofMillis(value);
                case "", "s" -> Duration.ofSeconds(value);
                case "m" -> Duration.ofMinutes(value);
                case "h" -> Duration.ofHours(value);
                case "d" -> Duration.ofDays(value);
                default -> throw new IllegalArgumentException("a time such as 500ms, 60s or 1h");
            };
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("a time such as 500ms, 60s or 1h", e);
        }
    }
}
