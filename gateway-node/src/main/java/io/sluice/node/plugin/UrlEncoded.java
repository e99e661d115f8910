package io.sluice.node.plugin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reading and writing {@code a=1&b=2} as queries and forms have it: percent escapes are UTF-8, a plus is a space. Broken escapes stay as they are. */
public final class UrlEncoded {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UrlEncoded() {}

    /**
     * One argument, decoded.
     *
     * @param flag whether it came without {@code =}
     */
    public record Argument(String name, String value, boolean flag) {}

    /** All arguments in order; empty pieces are skipped. */
    public static List<Argument> parse(String text) {
        List<Argument> arguments = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int end = end(text, from);
            if (end > from) {
                int equals = equalsSign(text, from, end);
                boolean flag = equals == end;
                arguments.add(new Argument(
                        decode(text.substring(from, equals)),
                        flag ? "" : decode(text.substring(equals + 1, end)),
                        flag));
            }
            from = end + 1;
        }
        return arguments;
    }

    /** The first value of a (decoded) name, as {@link #octets}; {@code true} if it has no {@code =}, empty if the name is not there. */
    public static Optional<String> first(String text, String name) {
        for (int from = 0; from < text.length(); ) {
            int end = end(text, from);
            int equals = equalsSign(text, from, end);
            if (end > from && decode(text.substring(from, equals)).equals(name)) {
                return Optional.of(equals == end ? "true" : octets(text.substring(equals + 1, end)));
            }
            from = end + 1;
        }
        return Optional.empty();
    }

    /** The text without the arguments of that (decoded) name; all others byte for byte. */
    public static String without(String text, String name) {
        StringBuilder kept = new StringBuilder(text.length());
        for (int from = 0; from < text.length(); ) {
            int end = end(text, from);
            boolean other =
                    !decode(text.substring(from, equalsSign(text, from, end))).equals(name);
            if (other) {
                kept.append(kept.isEmpty() ? "" : "&").append(text, from, end);
            }
            from = end + 1;
        }
        return kept.toString();
    }

    /** One name or value, decoded. */
    public static String decode(String text) {
        boolean plain = text.indexOf('%') < 0;
        return plain
                ? text.replace('+', ' ')
                : new String(bytes(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    /** One name or value, decoded into one char per byte, so that bytes that are not UTF-8 survive; given in that form. */
    static String octets(String text) {
        return new String(bytes(text.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(byte[] in) {
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            int value = in[i] == '%' && i + 2 < in.length ? hex(in[i + 1], in[i + 2]) : -1;
            if (value >= 0) {
                out[length++] = (byte) value;
                i += 2;
            } else {
                out[length++] = in[i] == '+' ? (byte) ' ' : in[i];
            }
        }
        return Arrays.copyOf(out, length);
    }

    /**
     * The arguments of a form's body as a query may hold them: what is neither a letter, a digit nor one of {@code -._~} is
     * escaped, byte by byte, so that bytes that are not UTF-8 survive. Empty pieces are left out.
     */
    public static String encoded(byte[] form) {
        StringBuilder query = new StringBuilder(form.length + 16);
        boolean value = false;
        boolean gap = false;
        for (int i = 0; i < form.length; i++) {
            byte b = form[i];
            if (b == '&') {
                gap = true;
                value = false;
                continue;
            }
            if (gap && !query.isEmpty()) {
                query.append('&');
            }
            gap = false;
            int escaped = b == '%' && i + 2 < form.length ? hex(form[i + 1], form[i + 2]) : -1;
            if (escaped >= 0) {
                i += 2;
                escape(query, escaped);
            } else if (b == '=' && !value) {
                value = true;
                query.append('=');
            } else {
                escape(query, b == '+' ? ' ' : b & 0xFF);
            }
        }
        return query.toString();
    }

    private static void escape(StringBuilder out, int octet) {
        boolean plain = octet >= 'a' && octet <= 'z'
                || octet >= 'A' && octet <= 'Z'
                || octet >= '0' && octet <= '9'
                || "-._~".indexOf(octet) >= 0;
        if (plain) {
            out.append((char) octet);
        } else {
            out.append('%').append(HEX.toHexDigits((byte) octet));
        }
    }

    private static int end(String text, int from) {
        int end = text.indexOf('&', from);
        return end < 0 ? text.length() : end;
    }

    private static int equalsSign(String text, int from, int end) {
        int equals = text.indexOf('=', from);
        return equals < 0 || equals > end ? end : equals;
    }

    private static int hex(byte high, byte low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : first * 16 + second;
    }
}
