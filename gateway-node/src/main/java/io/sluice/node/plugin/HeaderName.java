package io.sluice.node.plugin;

import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import java.nio.charset.StandardCharsets;

/**
 * A field name of RFC 9110, compared without case, prepared once so that look-ups in a request cost no allocation: make
 * constants of the names you know. Immutable.
 */
public final class HeaderName {

    private final String name;
    private final byte[] bytes;
    private final int hash;

    private HeaderName(String name) {
        this.name = name;
        this.bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        this.hash = hash(bytes, 0, bytes.length);
    }

    /**
     * The name as it will be written if it is sent.
     *
     * @throws IllegalArgumentException if it is not a token
     */
    public static HeaderName of(String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException("header name: '" + name + "' (expected: a token of RFC 9110)");
        }
        return new HeaderName(name);
    }

    /** Whether {@link #of} takes it. */
    public static boolean isToken(String name) {
        return !name.isEmpty() && name.chars().allMatch(HeaderName::tokenChar);
    }

    /** For settings: a string that {@link #of} takes. */
    public static Rule tokenRule() {
        return Rules.custom(
                "header_name", value -> isToken((String) value), "bad header name '%s' (expected: a token)");
    }

    /** A hash that ignores the case of ASCII letters. */
    public static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + (bytes[i] | 0x20);
        }
        return hash;
    }

    /** Whether the bytes are this name, ignoring the case of ASCII letters. */
    public boolean matches(byte[] other, int from, int to) {
        if (to - from != bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            int a = bytes[i];
            int b = other[from + i];
            if (a != b && (lower(a) != lower(b))) {
                return false;
            }
        }
        return true;
    }

    /** The name as given. */
    public String text() {
        return name;
    }

    /** The name's bytes as sent; do not change them. */
    public byte[] bytes() {
        return bytes;
    }

    /** {@link #hash(byte[], int, int)} of the name. */
    public int caselessHash() {
        return hash;
    }

    /** Whether a char may stand in a token of RFC 9110. */
    public static boolean tokenChar(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c > ' ' && c < 127 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** Refuses a value that could end its line: @throws IllegalArgumentException if it has CR, LF, NUL or a char above 255. */
    public static void requireValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0 || c > 255) {
                throw new IllegalArgumentException(
                        "header value with char " + (int) c + " (expected: no CR, LF, NUL or " + "char above 255)");
            }
        }
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderName that && hash == that.hash && matches(that.bytes, 0, that.bytes.length);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return name;
    }
}
