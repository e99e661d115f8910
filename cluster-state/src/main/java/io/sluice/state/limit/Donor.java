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
        long own = holdings.rule(pool, pool.limits(), ask.hash()).owned(position, now);
        long used = lease.used(position, now);
        long demand = donation.demand(pool.rule().windowType(), lease, position, now);
        long grant = donation.grant(own - used, demand, ask);
        if (grant > 0) {
            return give(pool, entry, position, grant, 0, ask.asker(), ask.number(), now);
        }
        long excess = pool.rule().windowType() == WindowType.CONCURRENCY ? 0 : donation.excess(own, demand, ask);
        if (excess > 0) {
            give(pool, entry, position, 0, excess, ask.asker(), 0, now);
        }
        return false;
    }

    /** Gives away at most so many free and locked tokens; false if there was none. */
    private boolean give(
            TokenPool pool, Entry entry, int position, long free, long locked, long to, long number, long now) {
        long hash = entry.hash();
        Limits limits = pool.limits();
        List<TransferRow> changed = new ArrayList<>(1);
        entry.let(
                closed -> {
                    long own = holdings.rule(pool, limits, hash).owned(position, now);
                    long unused = Math.max(0, own - closed.used(position, now));
                    long gift = Math.min(free, unused);
                    boolean all = locked == Long.MAX_VALUE; // also what came in locked
                    long owned = all
                            ? holdings.rule(pool, limits, hash)
                                    .ownOf(holdings.roster().self(), position, now)
                            : own;
                    long lockedGift = Math.min(locked, Math.max(0, owned - gift));
                    if (gift + lockedGift > 0) {
                        int slot = ClaimsRule.slot(limits, position);
                        for (ClaimsRule.Share share :
                                holdings.rule(pool, limits, hash).shares(position, now)) {
                            TransferRow none = TransferRow.none(
                                    pool.rule().id(),
                                    hash,
                                    slot,
                                    share.generation(),
                                    share.era().number(),
                                    holdings.roster().self(),
                                    to);
                            KeyLedger ledger = holdings.ledger(hash);
                            TransferRow row = ledger.row(none).give(gift, lockedGift, now);
                            holdings.put(hash, ledger.with(row));
                            changed.add(row);
                        }
                    }
                    return holdings.claims(pool, hash, limits, now);
                },
                now);
        for (TransferRow row : changed) {
            counters.given.add(1);
            peers.changed(row);
            PoolMessage.Grant grant = new PoolMessage.Grant(row, number);
            send(to, grant);
            long home = holdings.home(hash, now);
            if (home != to && home != holdings.roster().self()) {
                send(home, new PoolMessage.Grant(row, 0));
            }
        }
        return !changed.isEmpty();
    }

    /** Gives all that this node has of a key, also what is in use and what came in locked. */
    void giveAll(TokenPool pool, Entry entry, int position, long heir, long now) {
        pool.settle(entry, now);
        give(pool, entry, position, Long.MAX_VALUE, Long.MAX_VALUE, heir, 0, now);
    }

    private void send(long to, PoolMessage message) {
        counters.sent.increment();
        peers.send(to, message);
    }
}
