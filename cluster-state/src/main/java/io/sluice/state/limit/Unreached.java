package io.sluice.state.limit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of members that cannot be reached, shared out among those that can: so many that all of them together may spend
 * the limit, as if the others were not there. Nodes that do not reach each other know nothing of each other's shares. Pure.
 */
final class Unreached {

    private final LimitRule rule;
    private final Holdings holdings;
    private final boolean lost;

    /** @param lost this node has had no contact with a majority for so long that others may have been given its tokens */
    Unreached(LimitRule rule, Holdings holdings, boolean lost) {
        this.rule = rule;
        this.holdings = holdings;
        this.lost = lost;
    }

    /** What this node may borrow of a key, by position; null if nobody is missing or the rule is not open. */
    long @Nullable [] share(TokenPool pool, Limits limits, long hash, long now) {
        if (rule.peers() != PeerPolicy.OPEN || holdings.isLeaving()) {
            return null;
        }
        Roster roster = holdings.roster();
        ClaimsRule claims = holdings.rule(pool, limits, hash);
        boolean missing = lost || !roster.unreachable().isEmpty();
        for (int i = 0; i < limits.size() && !missing; i++) {
            missing = hasDead(claims, i, roster, now);
        }
        if (!missing) {
            return null;
        }
        long[] reachable = reachable();
        long[] share = new long[limits.size()];
        for (int i = 0; i < share.length; i++) {
            long theirs = limits.allowed(i);
            for (long member : reachable) {
                theirs -= mostOf(claims, member, i, now);
            }
            share[i] = part(Math.max(0, theirs), hash, reachable, roster.self());
        }
        return share;
    }

    /** What a member may have in use: where several shares count, the largest, since it may have been the only one until now. */
    private static long mostOf(ClaimsRule claims, long member, int position, long now) {
        long most = 0;
        for (ClaimsRule.Share share : claims.shares(position, now)) {
            most = Math.max(most, claims.in(share, member, position, now));
        }
        return most;
    }

    /** Somebody who was given a share is gone and has left it to nobody. */
    private boolean hasDead(ClaimsRule claims, int position, Roster roster, long now) {
        Estates estates = holdings.estates();
        for (ClaimsRule.Share share : claims.shares(position, now)) {
            for (long member : share.era().members()) {
                if (member != roster.self() && !roster.contains(member) && !estates.hasLeft(member)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** In order, this node too. One that has lost all others without knowing which is by itself. */
    long[] reachable() {
        Roster roster = holdings.roster();
        long self = roster.self();
        if (lost && roster.unreachable().isEmpty()) {
            return new long[] {self};
        }
        long[] all = Arrays.copyOf(roster.members(), roster.members().length + 1);
        all[all.length - 1] = self;
        return Arrays.stream(all)
                .filter(member -> member == self || !roster.unreachable().contains(member))
                .sorted()
                .distinct()
                .toArray();
    }

    /** Another node gets the odd ones for another key. */
    private static long part(long tokens, long hash, long[] among, long self) {
        long turn = Long.remainderUnsigned(hash, among.length);
        long place = (Arrays.binarySearch(among, self) + turn) % among.length;
        return tokens / among.length + (place < tokens % among.length ? 1 : 0);
    }
}
