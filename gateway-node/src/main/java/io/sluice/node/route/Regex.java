package io.sluice.node.route;

import com.google.re2j.PatternSyntaxException;
import io.sluice.state.model.schema.PatternSize;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A regular expression somebody configured, run against bytes somebody else sent: its time is bounded. */
sealed interface Regex permits LinearRegex, BoundedRegex {

    /**
     * The engine for a pattern: RE2/J, whose time grows with the length of the text only, or, for what only a backtracking
     * engine understands (look-around, back-references), java.util.regex with a bounded number of steps.
     *
     * @throws IllegalArgumentException if neither understands the pattern, or it is too large; the message says why
     */
    static Regex compile(String pattern) {
        PatternSize.excess(pattern).ifPresent(why -> {
            throw new IllegalArgumentException("a regular expression " + why);
        });
        String octets = Octets.of(pattern);
        try {
            return new LinearRegex(com.google.re2j.Pattern.compile(octets));
        } catch (PatternSyntaxException linearOnly) {
            return BoundedRegex.compile(octets);
        }
    }

    /** Whether the pattern occurs anywhere in the text. */
    boolean find(String text);

    /** The match that begins with the text's first character; null if there is none. */
    @Nullable
    Captured matchStart(String text);

    /**
     * What a match consumed.
     *
     * @param length how many characters
     * @param groups "0" the whole match, "1".. the groups that took part, and by name
     */
    record Captured(int length, Map<String, String> groups) {}
}
