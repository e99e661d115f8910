package io.sluice.node.plugins.cors;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sluice.node.plugin.Header;
import io.sluice.state.model.schema.PatternSize;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which origins may read responses. Immutable. */
sealed interface AllowedOrigins {

    /** What Access-Control-Allow-Origin says to a request's origin (null if it has none); null to say nothing. */
    @Nullable
    String allow(@Nullable String origin);

    /** Whether the answer depends on the request's origin, as caches must know. */
    default boolean varies() {
        return true;
    }

    /** Every origin, with or without one. */
    record Any(boolean varies) implements AllowedOrigins {
        @Override
        public String allow(@Nullable String origin) {
            return "*";
        }
    }

    /** One origin, which is named to everybody. */
    record One(String named) implements AllowedOrigins {
        @Override
        public String allow(@Nullable String origin) {
            return named;
        }
    }

    /** Origins that are told what they are if they are among these. */
    record Several(List<Rule> rules) implements AllowedOrigins {
        @Override
        public @Nullable String allow(@Nullable String origin) {
            if (origin == null) {
                return null;
            }
            Origin normal = Origin.of(origin);
            for (Rule rule : rules) {
                if (rule.matches(normal)) {
                    return normal.text();
                }
            }
            return null;
        }
    }

    /** One entry of a list. */
    interface Rule {
        boolean matches(Origin origin);
    }

    /** The origins of a configuration; an empty list means any. */
    static AllowedOrigins of(List<String> entries) {
        if (entries.isEmpty() || entries.equals(List.of("*"))) {
            return new Any(false);
        }
        if (entries.contains("*")) {
            return new Any(true);
        }
        if (entries.size() == 1 && plain(entries.get(0))) {
            return new One(Header.encoded(entries.get(0)));
        }
        List<Rule> rules = new ArrayList<>();
        entries.forEach(entry -> rules.add(rule(entry)));
        return new Several(List.copyOf(rules));
    }

    /** Whether an entry can be used: {@code *}, an origin, or a regular expression of RE2's syntax. */
    static boolean wellFormed(String entry) {
        if (entry.equals("*") || plain(entry)) {
            return true;
        }
        try {
            boolean small = PatternSize.excess(entry).isEmpty();
            return small && Pattern.compile(entry) != null;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static Rule rule(String entry) {
        if (plain(entry)) {
            String wanted = Origin.of(entry).text();
            return origin -> origin.text().equals(wanted);
        }
        Pattern pattern = Pattern.compile(entry);
        boolean byHost = entry.indexOf(':') < 0;
        return origin -> pattern.matches(byHost ? origin.host() : origin.text());
    }

    /** Whether an entry has no char that only a regular expression has. */
    private static boolean plain(String entry) {
        return entry.chars()
                .allMatch(c -> c >= 'A' && c <= 'Z'
                        || c >= 'a' && c <= 'z'
                        || c >= '0' && c <= '9'
                        || c == '.'
                        || c == ':'
                        || c == '/'
                        || c == '-');
    }
}
