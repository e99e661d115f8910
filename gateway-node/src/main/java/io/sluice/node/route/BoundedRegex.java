package io.sluice.node.route;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * java.util.regex with an end. The engine reads the text through {@link CountedText}, which gives up after a number of steps:
 * a pattern that backtracks without end costs about a millisecond and then counts as not matching, as in Kong. A clock would
 * do the same less predictably.
 */
final class BoundedRegex implements Regex {
    /** Characters one match may look at; ten times Kong's limit, and still a fraction of a millisecond. */
    static final int MAX_STEPS = 100_000;

    private final Pattern pattern;
    private final Map<String, Integer> names;

    private BoundedRegex(Pattern pattern, Map<String, Integer> names) {
        this.pattern = pattern;
        this.names = names;
    }

    static BoundedRegex compile(String text) {
        NumberedGroups groups = NumberedGroups.of(text);
        try {
            return new BoundedRegex(Pattern.compile(groups.pattern()), groups.names());
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("a regular expression is too long (expected: a shorter one)");
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' (expected: a regular expression; " + e.getDescription()
                    + " near index " + e.getIndex() + ")");
        }
    }

    @Override
    public boolean find(String text) {
        return run(pattern.matcher(new CountedText(text)), false);
    }

    @Override
    public @Nullable Captured matchStart(String text) {
        Matcher matcher = pattern.matcher(new CountedText(text));
        if (!run(matcher, true)) {
            return null;
        }
        var groups = new HashMap<String, String>();
        for (int i = 0; i <= matcher.groupCount(); i++) {
            put(groups, Integer.toString(i), text, matcher, i);
        }
        names.forEach((name, group) -> put(groups, name, text, matcher, group));
        return new Captured(matcher.end(), groups);
    }

    private static boolean run(Matcher matcher, boolean fromStart) {
        try {
            return fromStart ? matcher.lookingAt() : matcher.find();
        } catch (TooManySteps e) {
            return false;
        } catch (StackOverflowError e) {
            // The engine recurses for repeated groups: a long text must cost its sender a miss, not the loop its
            // thread.
            return false;
        }
    }

    private static void put(Map<String, String> groups, String name, String text, Matcher matcher, int group) {
        if (matcher.start(group) >= 0) {
            groups.put(name, text.substring(matcher.start(group), matcher.end(group)));
        }
    }

    /** The text of one match, which can be looked at only so often. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private int steps;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Without a stack trace: a hostile text must not buy one. */
    private static final class TooManySteps extends RuntimeException {
        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }
}
