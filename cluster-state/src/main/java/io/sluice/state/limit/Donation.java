package io.sluice.state.limit;

import java.util.Arrays;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** How many tokens to give to somebody who asks, and the small print of the messages about it. Pure. */
final class Donation {

    /** A donor keeps what it will need itself for so long. */
    private static final double KEEP_SECONDS = 0.010;

    /** Demand over less time than this says nothing. */
    private static final long LEAST_MILLIS = 50;

    /** Before it has been said that some other member surely has a token, a key counts as empty for no longer than this. */
    static final long UNSURE_MILLIS = 250;

    /** In which all who can be reached hear of a row: they are told once a second, and look again once a second. */
    private static final long TOLD_MILLIS = 3_000;

    private static final double LOCKED_PART = 0.7;
    private static final double MUCH_BETTER = 1.25;

    /** How many tokens a key uses up on this node, per 1000 s. */
    long demand(WindowType type, Lease lease, int position, long now) {
        long used = Math.max(0, lease.used(position, now));
        long over = switch (type) {
            case FIXED -> {
                Period period = lease.claims().limits().periods().get(position);
                yield Math.max(LEAST_MILLIS, now - ClaimsRule.windowStart(period, now));
            }
            case SLIDING, BUCKET ->
                lease.claims().limits().periods().get(position).nominalSeconds() * 1000;
            case CONCURRENCY -> 1000;
        };
        return (long) Math.ceil(used * 1_000_000.0 / over);
    }

    /** How many of the free tokens to give. */
    long grant(long free, long ownDemand, PoolMessage.Ask ask) {
        if (free <= 0) {
            return 0;
        }
        double theirs = Math.max(1, ask.demand());
        double share = theirs / (theirs + ownDemand);
        double spare = ownDemand == 0 ? free : Math.max(free * share, free - ownDemand / 1000.0 * KEEP_SECONDS);
        long gift = (long) Math.floor(Math.min(spare, Math.max((double) ask.want(), spare * share / 2)));
        return Math.max(1, Math.min(free, gift)); // the last token goes to whoever needs it now
    }

    /** How many tokens to give although they are in use: most of what is more than a fair part. */
    long excess(long own, long ownDemand, PoolMessage.Ask ask) {
        double theirs = Math.max(1, ask.demand());
        if (own <= 1 || own * theirs <= MUCH_BETTER * (double) ask.owned() * Math.max(1.0, (double) ownDemand)) {
            return 0;
        }
        double fair = (own + ask.owned()) * theirs / (theirs + ownDemand);
        return Math.max(0, (long) (LOCKED_PART * (fair - ask.owned())));
    }

    /** Until when a key counts as empty: for a moment only, unless every member said so. */
    static long until(PoolMessage.Ask ask, Roster roster, long freeAt, long now) {
        boolean all =
                Arrays.stream(roster.members()).allMatch(member -> member == roster.self() || !isOpen(ask, member));
        return all ? freeAt : Math.min(freeAt, now + UNSURE_MILLIS);
    }

    /** The answer that nobody has any. */
    static PoolMessage.Empty empty(PoolMessage.Ask ask, Roster roster, long freeAt, long now) {
        return new PoolMessage.Empty(ask.rule(), ask.hash(), ask.slot(), ask.number(), until(ask, roster, freeAt, now));
    }

    static boolean isOpen(PoolMessage.Ask ask, long member) {
        return member != ask.asker() && Arrays.stream(ask.visited()).noneMatch(visited -> visited == member);
    }

    /** Some member that has not been asked; {@code self} if there is none. */
    static long unvisited(PoolMessage.Ask ask, long self, long[] members, LongPredicate may) {
        for (long member : members) {
            if (member != self && isOpen(ask, member) && may.test(member)) {
                return member;
            }
        }
        return self;
    }

    static PoolMessage.Ask passedOn(PoolMessage.Ask ask, long by, long freeAt) {
        long[] visited = Arrays.copyOf(ask.visited(), ask.visited().length + 1);
        visited[visited.length - 1] = by;
        return new PoolMessage.Ask(
                ask.rule(),
                ask.hash(),
                ask.slot(),
                ask.asker(),
                ask.number(),
                ask.want(),
                ask.demand(),
                ask.owned(),
                visited,
                freeAt);
    }

    /**
     * Locks what has come in for as long as its tokens may still be in use where they came from; for the longest that may be
     * if the rule is not known here yet.
     */
    static KeyLedger held(
            KeyLedger ledger, @Nullable WindowType type, TransferRow known, TransferRow merged, long now) {
        long locked = merged.locked() - known.locked();
        long free = merged.free() - known.free();
        KeyLedger next = ledger;
        if (merged.slot() == TransferRow.CONCURRENT) { // nobody gives what is in use: it is not known until when
            return locked == 0 ? next : next.with(new KeyLedger.Hold(merged.slot(), locked, Claims.NEVER));
        }
        Period period = Period.values()[merged.slot()];
        long slides = now + period.nominalSeconds() * 1000;
        if (type == null || type == WindowType.FIXED) {
            long window = ClaimsRule.windowStart(period, merged.notBefore());
            if (locked > 0) {
                long until = ClaimsRule.nextWindow(period, Math.max(now, merged.notBefore()));
                next = next.with(
                        new KeyLedger.Hold(merged.slot(), locked, type == null ? Math.max(until, slides) : until));
            }
            if (free > 0 && window > now) {
                next = next.with(new KeyLedger.Hold(merged.slot(), free, window));
            }
        } else if (locked > 0) {
            next = next.with(new KeyLedger.Hold(merged.slot(), locked, slides));
        }
        return next;
    }

    /**
     * Locks what has come in of those who cannot be reached while this node borrows theirs: the same tokens may be in use already, here
     * or at another node of this side, which borrows its part of them until it has heard that they are not theirs any more. Not of
     * tokens at a time: nobody knows until when.
     */
    static KeyLedger heldBack(KeyLedger ledger, WindowType type, TransferRow known, TransferRow merged, long now) {
        long free = merged.free() - known.free();
        if (free <= 0 || merged.slot() == TransferRow.CONCURRENT) {
            return ledger;
        }
        Period period = Period.values()[merged.slot()];
        long heard = now + TOLD_MILLIS;
        long until = type == WindowType.FIXED
                ? ClaimsRule.nextWindow(period, heard)
                : heard + period.nominalSeconds() * 1000;
        return ledger.with(new KeyLedger.Hold(merged.slot(), free, until));
    }
}
