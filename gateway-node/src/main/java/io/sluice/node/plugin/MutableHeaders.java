package io.sluice.node.plugin;

/**
 * Field lines that a plugin may change; reading sees the changes. Values must have no CR, LF, NUL or char above 255
 * ({@link IllegalArgumentException}).
 */
public interface MutableHeaders extends Headers {

    /** Replaces all field lines of the name by one. */
    void set(HeaderName name, String value);

    /** Adds a field line after the others. */
    void add(HeaderName name, String value);

    /** Removes all field lines of the name. */
    void remove(HeaderName name);
}
