package io.sluice.node.route;

import org.jspecify.annotations.Nullable;

/**
 * Brings a request's path into the one form that routing, plugins and the upstream see.
 *
 * <p>As in Kong: escapes are decoded exactly once, except those of reserved characters, which keep their escape in upper case
 * ({@code %2f} becomes {@code %2F} and is never a separator); then empty segments are merged and dot segments resolved. The
 * result starts with a slash and holds one character per byte; {@link UpstreamPath} escapes again what must not be sent.
 *
 * <p>Refused, to be answered by 400, is what has no single meaning or is sent only to be read differently further on:
 *
 * <ul>
 *   <li>a broken escape, a NUL in any form, raw control characters, a fragment, a question mark;
 *   <li>more {@code ..} than segments (as nginx does in front of Kong);
 *   <li>dot segments that a reader behind us may find: beside an escaped slash or a backslash ({@code ..%2F},
 *       {@code ..%5c}), with a path parameter ({@code ..;/}), or in overlong UTF-8 ({@code %c0%ae}).
 * </ul>
 *
 * Legal and kept: escaped control characters (in their escaped form, so that no plugin or log line meets a raw line break),
 * path parameters, backslashes elsewhere, a twice escaped {@code %252e} (which stays {@code %252e}), bytes that are not
 * UTF-8.
 */
public final class PathNormalizer {
    private static final String RESERVED = "!*'();:@&=+$,/?%#[]";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final boolean[] KEPT_ESCAPED = new boolean[256];

    static {
        for (int i = 0; i < RESERVED.length(); i++) {
            KEPT_ESCAPED[RESERVED.charAt(i)] = true;
        }
        for (int i = 0; i < 0x20; i++) {
            KEPT_ESCAPED[i] = true;
        }
        KEPT_ESCAPED[0x7F] = true;
    }

    private PathNormalizer() {}

    /**
     * The normal form; null if the path is to be refused.
     *
     * @param raw the path as sent, without query, one character per byte
     * @return the same object if it is normal already
     */
    public static @Nullable String normalize(String raw) {
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            return null;
        }
        return isPlain(raw) ? raw : rewrite(raw);
    }

    /** Whether there is nothing to decode, resolve, merge or refuse; true for nearly every path of a friendly client. */
    private static boolean isPlain(String raw) {
        char before = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c <= 0x20 || c >= 0x7F || c == '%' || c == '\\' || c == '#' || c == '?') {
                return false;
            }
            if (before == '/' && (c == '/' || c == '.')) {
                return false;
            }
            before = c;
        }
        return true;
    }

    private static @Nullable String rewrite(String raw) {
        char[] path = new char[raw.length()];
        int decoded = decode(raw, path);
        if (decoded < 0 || hasOverlongAscii(path, decoded)) {
            return null;
        }
        int length = resolve(path, decoded);
        if (length < 0) {
            return null;
        }
        String normal = new String(path, 0, length);
        return normal.equals(raw) ? raw : normal;
    }

    /** The decoded length, or -1. */
    private static int decode(String raw, char[] out) {
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '%') {
                if (c < 0x20 || c == 0x7F || c > 0xFF || c == '#' || c == '?') {
                    return -1;
                }
                out[length++] = c;
                continue;
            }
            int value = i + 2 < raw.length() ? hex(raw.charAt(i + 1)) << 4 | hex(raw.charAt(i + 2)) : -1;
            if (value <= 0) {
                return -1;
            }
            if (KEPT_ESCAPED[value]) {
                out[length++] = '%';
                out[length++] = HEX[value >> 4];
                out[length++] = HEX[value & 0xF];
            } else {
                out[length++] = (char) value;
            }
            i += 2;
        }
        return length;
    }

    /** The digit's value, or a number that keeps any combination negative. */
    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** Resolves and merges in place; the new length, or -1. */
    private static int resolve(char[] path, int length) {
        int out = 0;
        int start = 1;
        boolean folder = false;
        while (start <= length) {
            int end = start;
            while (end < length && path[end] != '/') {
                end++;
            }
            int size = end - start;
            folder = size == 0 || isDots(path, start, end);
            if (size == 2 && folder) {
                if (out == 0) {
                    return -1;
                }
                do {
                    out--;
                } while (path[out] != '/');
            } else if (!folder) {
                if (hidesDots(path, start, end)) {
                    return -1;
                }
                path[out++] = '/';
                System.arraycopy(path, start, path, out, size);
                out += size;
            }
            start = end + 1;
        }
        if (folder) {
            path[out++] = '/';
        }
        return out;
    }

    /**
     * How many segments of a path some reader may take for dot segments, by the rules above; text that is no path is none.
     *
     * @param raw one character per byte; broken escapes stand for themselves
     */
    public static int dotSegments(String raw) {
        char[] path = new char[raw.length()];
        int length = 0;
        int dots = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            int value = c == '%' && i + 2 < raw.length() ? hex(raw.charAt(i + 1)) << 4 | hex(raw.charAt(i + 2)) : -1;
            dots += value == 0 ? 1 : 0; // some readers end at a NUL, whatever that cuts off
            if (value >= 0 && KEPT_ESCAPED[value]) {
                path[length++] = '%';
                path[length++] = HEX[value >> 4];
                path[length++] = HEX[value & 0xF];
            } else {
                path[length++] = value >= 0 ? (char) value : c;
            }
            i += value >= 0 ? 2 : 0;
        }
        dots += hasOverlongAscii(path, length) ? 1 : 0;
        for (int start = 0; start <= length; start++) {
            int end = start;
            while (end < length && path[end] != '/') {
                end++;
            }
            dots += isDots(path, start, end) || hidesDots(path, start, end) ? 1 : 0;
            start = end;
        }
        return dots;
    }

    /** Whether one of the parts that a less strict reader would see in the segment is a dot segment. */
    private static boolean hidesDots(char[] path, int start, int end) {
        int part = start;
        int partEnd = -1; // where a parameter began
        for (int i = start; i < end; i++) {
            boolean slash = path[i] == '\\' || isEscape(path, i, end, '2', 'F');
            boolean parameter = path[i] == ';' || isEscape(path, i, end, '3', 'B');
            if (slash || parameter) {
                if (partEnd < 0 && isDots(path, part, i)) {
                    return true;
                }
                partEnd = slash ? -1 : i;
                part = slash ? i + (path[i] == '\\' ? 1 : 3) : part;
            }
        }
        return partEnd < 0 && isDots(path, part, end);
    }

    private static boolean isEscape(char[] path, int at, int end, char high, char low) {
        return path[at] == '%' && at + 2 < end && path[at + 1] == high && path[at + 2] == low;
    }

    private static boolean isDots(char[] path, int start, int end) {
        int size = end - start;
        return size == 1 && path[start] == '.' || size == 2 && path[start] == '.' && path[start + 1] == '.';
    }

    /** An ASCII character written in two to four bytes of UTF-8, which no honest encoder does. */
    private static boolean hasOverlongAscii(char[] path, int length) {
        for (int i = 0; i + 1 < length; i++) {
            char lead = path[i];
            char next = path[i + 1];
            boolean two = (lead == 0xC0 || lead == 0xC1) && isContinuation(next);
            boolean three = lead == 0xE0 && (next == 0x80 || next == 0x81);
            boolean four = lead == 0xF0 && next == 0x80;
            if (two || three || four) {
                return true;
            }
        }
        return false;
    }

    private static boolean isContinuation(char c) {
        return c >= 0x80 && c <= 0xBF;
    }
}
