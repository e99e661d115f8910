package io.sluice.state.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/** Whom a lane asks for tokens, one after the other: the home, then whoever is believed to own most. Of the lane's thread only. */
final class AskOrder {

    /** A member that did not answer is not asked for so long. */
    static final long AVOID_MILLIS = 250;

    /** With so many members and fewer, all are asked before a key is said to be empty. */
    private static final int ASK_ALL = 8;

    private final Map<Long, Long> avoided = new HashMap<>();

    /** Since when a member has owed an answer without saying anything at all. */
    private final Map<Long, Long> silent = new HashMap<>();

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
    boolean isSomebodySlow(Roster roster, long now) {
        for (long member : avoided.keySet()) {
            if (isThere(roster, member) && !isSilent(member, now)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a member has said nothing for so long that it is not worth waiting for: it may be dead. */
    boolean isSilent(long member, long now) {
        Long since = silent.get(member);
        return since != null && now - since >= AVOID_MILLIS;
    }

    /** It has not answered in time. */
    void avoid(long member, long now) {
        avoided.put(member, now + AVOID_MILLIS);
        unanswered(member, now);
    }

    /** It has not answered yet, but may be asked something else. */
    void unanswered(long member, long now) {
        silent.merge(member, now, Math::min); // the lesser one also after the clock was set back
    }

    /** It has said something. */
    void heard(long member) {
        silent.remove(member);
    }

    /** It has answered what it was asked. */
    void answered(long member) {
        silent.remove(member);
        avoided.remove(member);
    }

    /** Forgets who was slow long ago; true if there was anybody. */
    boolean expire(long now) {
        return avoided.values().removeIf(until -> until <= now || until > now + AVOID_MILLIS);
    }

    /** Who is no member any more is not waited for. */
    void roster(Roster roster) {
        silent.keySet().removeIf(member -> !roster.contains(member));
    }
}
