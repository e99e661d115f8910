package io.sluice.node.plugin;

/**
 * Field lines that a plugin may change; reading sees the changes. Values must have no CR, LF, NUL or char above 255
 * ({@link IllegalArgumentException}). Content-Length, Transfer-Encoding and Host are the gateway's own: changes to them are
 * ignored (see {@link UpstreamRequest#host} and {@link UpstreamRequest#body}).
 */
public interface MutableHeaders extends Headers {

    /** Replaces all field lines of the name by one. */
    void set(HeaderName name, String value);

    /** Adds a field line after the others. */
    void add(HeaderName name, String value);

    /** Removes all field lines of the name. */
    void remove(HeaderName name);
}
