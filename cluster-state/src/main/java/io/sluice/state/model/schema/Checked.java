package io.sluice.state.model.schema;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of checking a value against a type.
 *
 * @param value the normalised value with defaults; meaningless if there is an error
 * @param error null if well-formed; else a String, or a tree of Map (field name to error) and List (position to error, null
 *     for good elements) that mirrors the input
 */
public record Checked(@Nullable Object value, @Nullable Object error) {

    static Checked good(@Nullable Object value) {
        return new Checked(value, null);
    }

    static Checked bad(Object error) {
        return new Checked(null, error);
    }

    /** Whether the value is well-formed. */
    public boolean ok() {
        return error == null;
    }
}
