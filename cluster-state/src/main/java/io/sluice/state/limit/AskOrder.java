package io.sluice.state.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/** Whom a lane asks for tokens, one after the other: the home, then whoever is believed to own most. Of the lane's thread only. */
final class AskOrder {

    /** A member that did not answer is not asked for so long. */
    private static final long AVOID_MILLIS = 250;

    /** With so many members and fewer, all are asked before a key is said to be empty. */
    private static final int ASK_ALL = 8;

    private final Map<Long, Long> avoided = new HashMap<>();

    /** The next to be asked: this node itself if nobody is left. Who is slow is asked last, and only for somebody else. */
    long next(PoolMessage.Ask ask, ClaimsRule rule, int position, Roster roster, long home, long now) {
        long next = next(ask, rule, position, roster, home, now, member -> mayAsk(roster, member));
        return next == roster.self() && ask.asker() != next
                ? next(ask, rule, position, roster, home, now, member -> isThere(roster, member))
                : next;
    }

    private static long next(
            PoolMessage.Ask ask, ClaimsRule rule, int position, Roster roster, long home, long now, LongPredicate may) {
        long self = roster.self();
        if (home != self && Donation.isOpen(ask, home) && may.test(home)) {
            return home;
        }
        long[] members = roster.members();
        long best = self;
        long most = members.length <= ASK_ALL && !rule.scarce(now) ? Long.MIN_VALUE : 0;
        for (long member : members) {
            if (member != self && Donation.isOpen(ask, member) && may.test(member)) {
                long own = rule.unspentOf(member, position, now);
                if (own > most) {
                    best = member;
                    most = own;
                }
            }
        }
        return best;
    }

    boolean mayAsk(Roster roster, long member) {
        return isThere(roster, member) && !avoided.containsKey(member);
    }

    private static boolean isThere(Roster roster, long member) {
        return roster.contains(member) && !roster.unreachable().contains(member);
    }

    /** Whether somebody is only not asked because it was slow, so that an answer or another question may still bring tokens. */
    boolean isSomebodySlow(Roster roster) {
        for (long member : avoided.keySet()) {
            if (isThere(roster, member)) {
                return true;
            }
        }
        return false;
    }

    void avoid(long member, long now) {
        avoided.put(member, now + AVOID_MILLIS);
    }

    /** Forgets who was slow long ago; true if there was anybody. */
    boolean expire(long now) {
        return avoided.values().removeIf(until -> until <= now || until > now + AVOID_MILLIS);
    }
}
