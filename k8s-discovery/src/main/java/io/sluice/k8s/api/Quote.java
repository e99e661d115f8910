package io.sluice.k8s.api;

import org.jspecify.annotations.Nullable;

/** Values from outside as problems show them: short, and without characters that could forge a line of a log. */
public final class Quote {

    /** Characters shown of a value. */
    private static final int LONGEST = 80;

    private Quote() {}

    /** The value in single quotes, cut after 80 characters; what is no text or number by its type only. */
    public static String of(@Nullable Object value) {
        if (value instanceof String text) {
            return "'" + shown(text) + "'";
        }
        if (value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        return value == null ? "null" : value instanceof java.util.Map ? "an object" : "a list";
    }

    private static String shown(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST + 3));
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) ? '?' : c);
        }
        return text.length() > LONGEST ? out.append("...").toString() : out.toString();
    }
}
