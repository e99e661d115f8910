package io.sluice.node.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression for paths, anchored at the start only. What every match begins with is known apart, so that the table
 * can file the pattern under it; a pattern that is nothing but text ({@code /foo$}, as ingress controllers write by the
 * thousand) needs no engine at all.
 */
final class PathPattern {
    private static final String META = "\\^$.|?*+()[]{}";

    private final String literal;
    private final boolean toEnd;
    private final @Nullable Regex regex;
    private final Regex.@Nullable Captured fixed;

    private PathPattern(String literal, boolean toEnd, @Nullable Regex regex) {
        this.literal = literal;
        this.toEnd = toEnd;
        this.regex = regex;
        this.fixed = regex == null ? new Regex.Captured(literal.length(), Map.of("0", literal)) : null;
    }

    /**
     * @param pattern without the tilde
     * @throws IllegalArgumentException if it is no regular expression
     */
    static PathPattern of(String pattern) {
        String octets = Octets.of(pattern);
        var literal = new StringBuilder();
        int at = readLiteral(octets, literal);
        if (at == octets.length()) {
            return new PathPattern(literal.toString(), false, null);
        }
        if (octets.startsWith("$", at) && at + 1 == octets.length()) {
            return new PathPattern(literal.toString(), true, null);
        }
        return new PathPattern(literal.toString(), false, Regex.compile(pattern));
    }

    /** What every match begins with. */
    String literal() {
        return literal;
    }

    /** What every match is, if the pattern is nothing but text; null if it depends on the path. */
    Regex.@Nullable Captured fixed() {
        return fixed;
    }

    /** The match at the start of the path; null if there is none. */
    Regex.@Nullable Captured match(String path) {
        if (!path.startsWith(literal) || toEnd && path.length() != literal.length()) {
            return null;
        }
        return regex == null ? fixed : regex.matchStart(path);
    }

    /** Appends the text the pattern starts with and returns where the first thing that is not text begins. */
    private static int readLiteral(String pattern, StringBuilder literal) {
        int at = pattern.startsWith("^") ? 1 : 0;
        if (hasTopLevelChoice(pattern)) {
            return at;
        }
        int before = at;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            int next = at + 1;
            if (c == '\\') {
                if (next == pattern.length() || isWord(pattern.charAt(next))) {
                    return at; // a class such as \d, or broken
                }
                c = pattern.charAt(next++);
            } else if (META.indexOf(c) >= 0) {
                if (repeats(c) && at > before) {
                    literal.setLength(literal.length() - 1);
                    return before;
                }
                return at;
            }
            literal.append(c);
            before = at;
            at = next;
        }
        return at;
    }

    /** Whether an alternation may stand outside of all groups; escapes and classes are skipped, \Q is not understood. */
    private static boolean hasTopLevelChoice(String pattern) {
        int depth = 0;
        for (int i = 0; i < pattern.length(); i++) {
            switch (pattern.charAt(i)) {
                case '\\' -> i++;
                case '(' -> depth++;
                case ')' -> depth--;
                case '|' -> {
                    if (depth <= 0) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        // A bracket inside a character class unbalances the count: then nothing is certain if there is any alternation.
        return pattern.indexOf('|') >= 0 && pattern.indexOf('[') >= 0 || pattern.contains("\\Q");
    }

    private static boolean repeats(char c) {
        return c == '*' || c == '+' || c == '?' || c == '{';
    }

    private static boolean isWord(char c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80;
    }
}
