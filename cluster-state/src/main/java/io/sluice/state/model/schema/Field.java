package io.sluice.state.model.schema;

import org.jspecify.annotations.Nullable;

/**
 * A named member of an object.
 *
 * @param required null is an error (a default satisfies it)
 * @param defaultValue what an absent field gets; null for none
 * @param referenceable the value may be a {@code {vault://...}} reference
 * @param secret the value is masked wherever it is shown
 */
public record Field(
        String name,
        Type type,
        boolean required,
        @Nullable Object defaultValue,
        boolean referenceable,
        boolean secret) {

    /** An optional field without default. */
    public static Field of(String name, Type type) {
        return new Field(name, type, false, null, false, false);
    }

    /** An optional string. */
    public static Field string(String name, Rule... rules) {
        return of(name, Type.string(rules));
    }

    /** An optional whole number. */
    public static Field integer(String name, Rule... rules) {
        return of(name, Type.integer(rules));
    }

    /** An optional number. */
    public static Field number(String name, Rule... rules) {
        return of(name, Type.number(rules));
    }

    /** A boolean with a default. */
    public static Field bool(String name, boolean defaultValue) {
        return of(name, Type.bool()).defaultsTo(defaultValue);
    }

    /** A nested object; always present, its own defaults filled in. */
    public static Field record(String name, Schema schema) {
        return of(name, Type.record(schema)).mandatory();
    }

    /** The same field, required. */
    public Field mandatory() {
        return new Field(name, type, true, defaultValue, referenceable, secret);
    }

    /** The same field with a default: String, Boolean, Long, Double, List or Map; whole numbers are widened to Long. */
    public Field defaultsTo(Object value) {
        Object wide = value instanceof Integer number ? (Object) number.longValue() : value;
        return new Field(name, type, required, wide, referenceable, secret);
    }

    /** The same field, resolvable from a vault. */
    public Field asReferenceable() {
        return new Field(name, type, required, defaultValue, true, secret);
    }

    /** The same field, masked where shown. */
    public Field asSecret() {
        return new Field(name, type, required, defaultValue, referenceable, true);
    }
}
