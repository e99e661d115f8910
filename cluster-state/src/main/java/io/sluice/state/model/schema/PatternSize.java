package io.sluice.state.model.schema;

import java.util.Optional;

/**
 * How large a regular expression becomes when its repetitions are written out, which is what RE2 does: {@code (a{100}){100}} is
 * ten thousand characters, with one more repetition around it there is no memory for it. Counts without writing anything out.
 * Pure.
 */
public final class PatternSize {

    /**
     * Characters and classes at most, repetitions written out. The time that a match takes grows with it, and so does the stack that
     * it needs.
     */
    public static final int MOST = 10_000;

    /** Groups within groups at most. */
    public static final int DEEPEST = 200;

    private final String pattern;
    /** What the groups that are open have so far, outermost first. */
    private final long[] sums = new long[DEEPEST + 1];

    private int depth;
    private int at;
    /** Of what a repetition would repeat. */
    private long last;

    private PatternSize(String pattern) {
        this.pattern = pattern;
    }

    /** What is too much about a pattern; empty if nothing is. Broken patterns have a size as well. */
    public static Optional<String> excess(String pattern) {
        return new PatternSize(pattern).run();
    }

    private Optional<String> run() {
        while (at < pattern.length()) {
            char c = pattern.charAt(at++);
            switch (c) {
                case '(' -> {
                    if (depth == DEEPEST) {
                        return Optional.of("groups are nested too deep (expected: at most " + DEEPEST + " levels)");
                    }
                    sums[++depth] = 0;
                    last = 0;
                }
                case ')' -> close();
                case '{' -> repeat();
                case '|' -> {
                    atom();
                    last = 0;
                }
                default -> {
                    skip(c);
                    atom();
                }
            }
            if (sums[depth] > MOST) {
                return Optional.of(
                        "is too large with its repetitions written out (expected: at most " + MOST + " characters)");
            }
        }
        return Optional.empty();
    }

    private void atom() {
        last = 1;
        sums[depth]++;
    }

    private void close() {
        if (depth > 0) {
            last = sums[depth--] + 1;
            sums[depth] += last;
        }
    }

    /** A repetition if it is one, else a character. */
    private void repeat() {
        int end = pattern.indexOf('}', at);
        long times = end < 0 ? 0 : times(pattern.substring(at, Math.min(end, at + 20)));
        if (times == 0) {
            atom();
            return;
        }
        at = end + 1;
        sums[depth] += last * (times - 1);
        last *= times;
    }

    /** How often {@code n}, {@code n,} or {@code n,m} repeats at most; 0 if that is no number of times, or none. */
    private static long times(String bounds) {
        int comma = bounds.indexOf(',');
        String low = comma < 0 ? bounds : bounds.substring(0, comma);
        String high = comma < 0 ? "" : bounds.substring(comma + 1);
        if (!isNumber(low) || !high.isEmpty() && !isNumber(high)) {
            return 0;
        }
        long open = comma >= 0 && high.isEmpty() ? 1 : 0;
        return Math.max(1, Math.max(Long.parseLong(low) + open, high.isEmpty() ? 0 : Long.parseLong(high)));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Goes behind what belongs to a character: a class, an escape. */
    private void skip(char c) {
        if (c == '[') {
            characterClass();
        } else if (c == '\\' && at < pattern.length()) {
            char escaped = pattern.charAt(at++);
            boolean braced = "pPxk".indexOf(escaped) >= 0 && pattern.startsWith("{", at);
            int end = braced ? pattern.indexOf('}', at) : -1;
            at = end < 0 ? at : end + 1;
        }
    }

    private void characterClass() {
        int from = at;
        for (boolean first = true; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '[' && pattern.startsWith("[:", at)) {
                int end = pattern.indexOf(":]", at + 2);
                at = end < 0 ? at : end + 1;
            } else if (c == ']' && !first) {
                at++;
                return;
            }
            first = first && c == '^' && at == from;
        }
    }
}
