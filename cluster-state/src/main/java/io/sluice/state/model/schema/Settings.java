package io.sluice.state.model.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of a settings tree that a {@link Schema} has checked. Asking for a field that the schema does not have, or by
 * another type, is a bug and throws {@link IllegalStateException}.
 */
public final class Settings {

    private final Map<String, @Nullable Object> values;

    public Settings(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    /** A string that has a default or is required. */
    public String string(String name) {
        return present(name, String.class);
    }

    /** A string that may be unset. */
    public Optional<String> optionalString(String name) {
        return optional(name, String.class);
    }

    /** A boolean with a default. */
    public boolean bool(String name) {
        return present(name, Boolean.class);
    }

    /** A whole number that has a default or is required. */
    public long integer(String name) {
        return present(name, Number.class).longValue();
    }

    /** A number that has a default or is required. */
    public double number(String name) {
        return present(name, Number.class).doubleValue();
    }

    /** A number that may be unset. */
    public Optional<Number> optionalNumber(String name) {
        return optional(name, Number.class);
    }

    /** A list of strings; empty if unset. */
    @SuppressWarnings("unchecked")
    public List<String> strings(String name) {
        return optional(name, List.class).orElse(List.of());
    }

    /** A list of any elements; empty if unset. */
    @SuppressWarnings("unchecked")
    public List<Object> list(String name) {
        return optional(name, List.class).orElse(List.of());
    }

    /** A map; empty if unset. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> map(String name) {
        return optional(name, Map.class).orElse(Map.of());
    }

    /** A nested object; empty settings if unset. */
    @SuppressWarnings("unchecked")
    public Settings record(String name) {
        return new Settings(optional(name, Map.class).orElse(Map.of()));
    }

    /** Whether the field has a value. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /** The whole tree. */
    public Map<String, @Nullable Object> values() {
        return values;
    }

    private <T> T present(String name, Class<T> type) {
        return optional(name, type).orElseThrow(() -> new IllegalStateException("setting '" + name + "' has no value"));
    }

    private <T> Optional<T> optional(String name, Class<T> type) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw new IllegalStateException("setting '" + name + "' is not a " + type.getSimpleName());
        }
        return Optional.of(type.cast(value));
    }
}
