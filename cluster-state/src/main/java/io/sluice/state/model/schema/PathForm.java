package io.sluice.state.model.schema;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The one spelling of a URL path that configuration may use: escapes of unreserved characters decoded, other escapes in upper
 * case, what a path may not contain escaped, dot segments resolved, repeated slashes merged. Pure.
 */
public final class PathForm {

    /** Escapes of these keep their meaning only as escapes. */
    private static final String RESERVED = "!*'();:@&=+$,/?%#[]";

    private static final String PLAIN = "!#$&'()*+,/:;=?@[]-_.~%";
    private static final String HEX = "0123456789ABCDEF";

    private PathForm() {}

    /** The path in normal form. */
    public static String normalize(String path) {
        if (path.isEmpty() || path.equals("/")) {
            return path;
        }
        return escape(resolve(decode(path)));
    }

    /** The first piece (up to three characters) that begins like an escape and is none; empty if there is none. */
    public static String brokenEscape(String path) {
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
            boolean escape = at + 2 < path.length() && hex(path.charAt(at + 1)) >= 0 && hex(path.charAt(at + 2)) >= 0;
            if (!escape) {
                return path.substring(at, Math.min(path.length(), at + 3));
            }
        }
        return "";
    }

    /** One character per byte of the path. */
    private static String decode(String path) {
        String bytes = new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        StringBuilder out = new StringBuilder(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            boolean escape = c == '%'
                    && i + 2 < bytes.length()
                    && hex(bytes.charAt(i + 1)) >= 0
                    && hex(bytes.charAt(i + 2)) >= 0;
            if (!escape) {
                out.append(c);
                continue;
            }
            char value = (char) (hex(bytes.charAt(i + 1)) << 4 | hex(bytes.charAt(i + 2)));
            if (RESERVED.indexOf(value) < 0) {
                out.append(value);
            } else {
                appendEscape(out, value);
            }
            i += 2;
        }
        return out.toString();
    }

    private static String resolve(String path) {
        String[] segments = path.split("/", -1);
        int first = path.startsWith("/") ? 1 : 0;
        List<String> kept = new ArrayList<>();
        for (int i = first; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            String segment = segments[i];
            boolean up = segment.equals("..");
            boolean dots = up || segment.equals(".");
            if (up && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
            if (dots ? last : last || !segment.isEmpty()) {
                kept.add(dots ? "" : segment);
            }
        }
        return (first == 1 ? "/" : "") + String.join("/", kept);
    }

    private static String escape(String bytes) {
        StringBuilder out = new StringBuilder(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            boolean plain =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN.indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                appendEscape(out, c);
            }
        }
        return out.toString();
    }

    private static void appendEscape(StringBuilder out, char value) {
        out.append('%').append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 15));
    }

    private static int hex(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }
}
