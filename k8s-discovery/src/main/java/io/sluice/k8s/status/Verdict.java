package io.sluice.k8s.status;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is to be said about an object.
 *
 * @param live how many nodes have it live; for {@link Word#LIVE}
 * @param of how many there are
 * @param detail what else there is to say, empty if nothing; the whole message if it is not live
 * @param settled false while it is better to wait a moment: nodes are about to follow
 */
record Verdict(Word word, int live, int of, String detail, boolean settled) {

    private static final Pattern LIVE_ON = Pattern.compile("live on (\\d+) of (\\d+) nodes?(; )?(.*)", Pattern.DOTALL);
    private static final String NOT_LIVE = "not live: ";

    /** In one word. */
    enum Word {
        /** At least parts of it are live. */
        LIVE,
        /** It would be, but for something else. */
        PENDING,
        /** It is refused; nothing of it is live. */
        INVALID,
        /** It is refused; the form it had before is still live. */
        OUTDATED,
        /** Nothing that is live uses it, or it is not ours. */
        UNUSED
    }

    static Verdict not(Word word, String message) {
        return new Verdict(word, 0, 0, message, true);
    }

    /** For a condition. */
    String message() {
        if (word != Word.LIVE) {
            return detail;
        }
        return "live on " + live + " of " + of + (of == 1 ? " node" : " nodes")
                + (detail.isEmpty() ? "" : "; " + detail);
    }

    /** That it is not live, and why. */
    static String notLive(String why) {
        return NOT_LIVE + why;
    }

    /** Whether a message says that it is live on all nodes, however many there were, and otherwise the same as this one. */
    boolean wasEverywhere(String message) {
        Matcher said = LIVE_ON.matcher(message);
        return said.matches()
                && said.group(1).equals(said.group(2))
                && said.group(4).equals(detail);
    }

    /** Whether a message is one of those that only this gateway writes. */
    static boolean isOurs(String message) {
        return message.startsWith(NOT_LIVE) || LIVE_ON.matcher(message).matches();
    }
}
