package io.sluice.state.model;

/**
 * Something wrong in what people gave us. Collected and reported together, never thrown across a package.
 *
 * @param object what it is about, for example {@code route 'r1'} or {@code KONG_PROXY_LISTEN}
 * @param field the field's path inside it, for example {@code config.minute}; empty if the object as a whole is meant
 * @param reason what it was and what was expected
 */
public record Problem(String object, String field, String reason) {

    @Override
    public String toString() {
        return field.isEmpty() ? object + ": " + reason : object + ": " + field + ": " + reason;
    }
}
