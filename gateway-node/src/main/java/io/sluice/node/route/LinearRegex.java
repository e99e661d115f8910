package io.sluice.node.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RE2/J: no look-around and no back-references, and no text makes it slow. */
final class LinearRegex implements Regex {
    private final Pattern pattern;

    LinearRegex(Pattern pattern) {
        this.pattern = pattern;
    }

    @Override
    public boolean find(String text) {
        try {
            return pattern.matcher(text).find();
        } catch (StackOverflowError e) {
            return false;
        }
    }

    @Override
    public @Nullable Captured matchStart(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!begins(matcher)) {
            return null;
        }
        int length = matcher.end();
        if (matcher.groupCount() == 0) {
            return new Captured(length, Map.of("0", text.substring(0, length)));
        }
        var groups = new HashMap<String, String>();
        for (int i = 0; i <= matcher.groupCount(); i++) {
            put(groups, Integer.toString(i), matcher.group(i));
        }
        for (Map.Entry<String, Integer> name : pattern.namedGroups().entrySet()) {
            put(groups, name.getKey(), matcher.group(name.getValue()));
        }
        return new Captured(length, groups);
    }

    /** The engine recurses for choices in a row: thousands of them count as not matching. */
    private static boolean begins(Matcher matcher) {
        try {
            return matcher.lookingAt();
        } catch (StackOverflowError e) {
            return false;
        }
    }

    private static void put(Map<String, String> groups, String name, @Nullable String value) {
        if (value != null) {
            groups.put(name, value);
        }
    }
}
