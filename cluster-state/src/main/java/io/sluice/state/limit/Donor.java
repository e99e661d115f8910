package io.sluice.state.limit;

import java.util.ArrayList;
import java.util.List;

/** Gives tokens away: debits them here, where nothing admits meanwhile, and tells all whom it concerns. Of the lane's thread only. */
final class Donor {

    private final Holdings holdings;
    private final Donation donation;
    private final Peers peers;
    private final LaneCounters counters;

    Donor(Holdings holdings, Donation donation, Peers peers, LaneCounters counters) {
        this.holdings = holdings;
        this.donation = donation;
        this.peers = peers;
        this.counters = counters;
    }

    /** Whether the asker got tokens it can use. */
    boolean offer(TokenPool pool, Entry entry, int position, PoolMessage.Ask ask, long now) {
        Lease lease = entry.lease();
        if (lease == null || !pool.mayAdmit(now)) {
            return false;
        }
        if (!holdings.hasRoom(ask.hash(), false)) {
            counters.crowded.increment();
            return false;
        }
        pool.settle(entry, now); // what is owed is not to be given
        if (complete(pool, entry, position, ask, now)) {
            return true;
        }
        ClaimsRule rule = holdings.rule(pool, pool.limits(), ask.hash());
        long own = rule.owned(position, now);
        long used = lease.used(position, now);
        long demand = donation.demand(pool.rule().windowType(), lease, position, now);
        long grant = donation.grant(own - used, demand, ask);
        if (grant > 0) {
            return give(pool, entry, position, grant, 0, ask.asker(), ask.number(), now);
        }
        long excess = pool.rule().windowType() == WindowType.CONCURRENCY
                ? 0
                : donation.excess(rule.lasting(position, now), demand, ask);
        if (excess > 0) {
            give(pool, entry, position, 0, excess, ask.asker(), 0, now);
        }
        return false;
    }

    /** Gives away at most so many free and locked tokens; false if there was none. */
    private boolean give(
            TokenPool pool, Entry entry, int position, long free, long locked, long to, long number, long now) {
        List<TransferRow> changed = debit(pool, entry, position, free, locked, to, now);
        tell(changed, to, number, now);
        return !changed.isEmpty();
    }

    private List<TransferRow> debit(
            TokenPool pool, Entry entry, int position, long free, long locked, long to, long now) {
        long hash = entry.hash();
        Limits limits = pool.limits();
        List<TransferRow> changed = new ArrayList<>(1);
        entry.let(
                closed -> {
                    ClaimsRule rule = holdings.rule(pool, limits, hash);
                    long own = rule.owned(position, now);
                    long unused = Math.max(0, own - closed.used(position, now));
                    long gift = Math.min(free, Math.min(unused, Math.max(0, rule.lasting(position, now))));
                    boolean all = locked == Long.MAX_VALUE; // also what came in locked
                    for (ClaimsRule.Share share : rule.shares(position, now)) {
                        // Also what it has in one share only: some of that may be in use as well.
                        long owned = all
                                ? rule.in(share, holdings.roster().self(), position, now)
                                : rule.lasting(position, now);
                        long lockedGift = Math.min(locked, Math.max(0, owned - gift));
                        if (gift + lockedGift > 0) {
                            changed.add(write(pool, hash, position, share, to, gift, lockedGift, now));
                        }
                        if (!all && lockedGift > 0 && pool.rule().windowType() == WindowType.FIXED) {
                            lend(limits, hash, position, lockedGift, now);
                        }
                    }
                    return holdings.claims(pool, hash, limits, now);
                },
                now);
        return changed;
    }

    /**
     * What is in use in a calendar window can be used by its recipient from the next one on: until then it counts here, or tokens
     * that come in would make up for it and be lost to everybody.
     */
    private void lend(Limits limits, long hash, int position, long tokens, long now) {
        long until = ClaimsRule.nextWindow(limits.periods().get(position), now);
        KeyLedger ledger = holdings.ledger(hash);
        holdings.put(hash, ledger.with(new KeyLedger.Hold(ClaimsRule.slot(limits, position), -tokens, until)));
    }

    /** Enters a gift into the ledger; the row after it. */
    private TransferRow write(
            TokenPool pool,
            long hash,
            int position,
            ClaimsRule.Share share,
            long to,
            long free,
            long locked,
            long now) {
        TransferRow none = TransferRow.none(
                pool.id(),
                hash,
                ClaimsRule.slot(pool.limits(), position),
                share.generation(),
                share.era().number(),
                holdings.roster().self(),
                to);
        KeyLedger ledger = holdings.ledger(hash);
        TransferRow row = ledger.row(none).give(free, locked, now);
        if (!holdings.isLeaving()) { // then it gives all of each key once, and there may be a great many
            holdings.put(hash, ledger.with(row));
        }
        return row;
    }

    private void replicate(TransferRow row) {
        counters.given.increment();
        peers.changed(row);
    }

    private void tell(List<TransferRow> changed, long to, long number, long now) {
        for (TransferRow row : changed) {
            replicate(row);
            send(to, new PoolMessage.Grant(row, number));
            long home = holdings.home(row.hash(), now);
            if (home != to && home != holdings.roster().self()) {
                send(home, new PoolMessage.Grant(row, 0));
            }
        }
    }

    /**
     * While windows slide over a change of shares a node spends the lesser of two of them: gives what it has in one only, which is
     * of no use to it, to an asker who lacks it there. Of what is in use here nothing is given, so in none of the shares more can be
     * used than there is. True if the asker can spend more by it.
     */
    private boolean complete(TokenPool pool, Entry entry, int position, PoolMessage.Ask ask, long now) {
        ClaimsRule before = holdings.rule(pool, pool.limits(), ask.hash());
        if (before.shares(position, now).size() < 2) {
            return false;
        }
        List<TransferRow> changed = new ArrayList<>(1);
        entry.let(
                closed -> {
                    completed(pool, closed, position, ask, now, changed);
                    return holdings.claims(pool, ask.hash(), pool.limits(), now);
                },
                now);
        ClaimsRule after = holdings.rule(pool, pool.limits(), ask.hash());
        boolean useful = after.ownOf(ask.asker(), position, now) > before.ownOf(ask.asker(), position, now);
        tell(changed, ask.asker(), useful ? ask.number() : 0, now);
        return useful;
    }

    private void completed(
            TokenPool pool, Lease closed, int position, PoolMessage.Ask ask, long now, List<TransferRow> changed) {
        boolean bucket = pool.rule().windowType() == WindowType.BUCKET;
        if (bucket && closed.used(position, now) > 0) {
            // What is missing is missing of all that it had: only of a full bucket it is known that nothing is.
            return;
        }
        long hash = ask.hash();
        long self = holdings.roster().self();
        int slot = ClaimsRule.slot(pool.limits(), position);
        ClaimsRule rule = holdings.rule(pool, pool.limits(), hash);
        long kept = Math.max(rule.owned(position, now), closed.used(position, now))
                + holdings.ledger(hash).held(slot, now);
        List<ClaimsRule.Share> shares = rule.shares(position, now);
        long best = 0;
        for (ClaimsRule.Share share : shares) {
            best = Math.max(best, rule.in(share, ask.asker(), position, now));
        }
        // The same holds for an asker that lacks the newest share, which it may have been filled without.
        for (ClaimsRule.Share share : bucket ? shares.subList(1, shares.size()) : shares) {
            long spare = rule.in(share, self, position, now) - Math.max(0, kept);
            long lacking = best - rule.in(share, ask.asker(), position, now);
            long gift = Math.min(spare, Math.max(ask.want(), (lacking + 1) / 2)); // others may ask as well
            if (gift > 0) {
                changed.add(write(pool, hash, position, share, ask.asker(), gift, 0, now));
            }
        }
    }

    /**
     * Gives all that this node has of a key, also what is in use and what came in locked.
     *
     * @param tells whether the heir and the home are told at once, and not only by what is replicated
     */
    void giveAll(TokenPool pool, Entry entry, int position, long heir, boolean tells, long now) {
        pool.settle(entry, now);
        // Of tokens at a time nobody knows until when: the heir inherits those that are in use.
        long locked = pool.rule().windowType() == WindowType.CONCURRENCY ? 0 : Long.MAX_VALUE;
        List<TransferRow> changed = debit(pool, entry, position, Long.MAX_VALUE, locked, heir, now);
        if (tells) {
            tell(changed, heir, 0, now);
        } else {
            changed.forEach(this::replicate);
        }
    }

    private void send(long to, PoolMessage message) {
        counters.sent.increment();
        peers.send(to, message);
    }
}
