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
        return pattern.matcher(text).find();
    }

    @Override
    public @Nullable Captured matchStart(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.lookingAt()) {
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

    private static void put(Map<String, String> groups, String name, @Nullable String value) {
        if (value != null) {
            groups.put(name, value);
        }
    }
}
