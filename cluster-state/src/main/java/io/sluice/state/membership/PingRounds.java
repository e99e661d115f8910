package io.sluice.state.membership;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.Set;

/** Which members answered which of the latest pings. One thread. */
final class PingRounds {

    /** Older ones are worth nothing: contact would have ended anyway. */
    private static final int KEPT = 16;

    private record Round(long sentAt, Set<Long> heard) {}

    private final Deque<Round> rounds = new ArrayDeque<>();

    /** Answers to what was sent before say nothing any more. */
    void clear() {
        rounds.clear();
    }

    /** A round was sent. */
    void begin(long sentAt) {
        rounds.addFirst(new Round(sentAt, new HashSet<>()));
        if (rounds.size() > KEPT) {
            rounds.removeLast();
        }
    }

    /** A member answered a round; false if there was no such round. */
    boolean hear(long member, long sentAt) {
        for (Round round : rounds) {
            if (round.sentAt == sentAt) {
                return round.heard.add(member);
            }
        }
        return false;
    }

    /** When the latest round was sent that a majority knows of. */
    OptionalLong latest(Members members) {
        Iterator<Round> newestFirst = rounds.iterator();
        while (newestFirst.hasNext()) {
            Round round = newestFirst.next();
            if (members.isMajority(round.heard::contains)) {
                return OptionalLong.of(round.sentAt);
            }
        }
        return OptionalLong.empty();
    }
}
