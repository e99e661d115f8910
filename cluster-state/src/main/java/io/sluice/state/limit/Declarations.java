package io.sluice.state.limit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * What this node is about to spend of long windows. It spends only what it has declared and what a majority has noted, a small part
 * of what it owns at a time: so whoever inherits from a node that died knows what it cannot have spent. Of the lane's thread only.
 */
final class Declarations {

    /** One in so many of a node's tokens is declared at a time: the most that a crash loses. */
    private static final long PART = 100;

    private final Holdings holdings;
    private final Peers peers;
    private final LaneCounters counters;
    private final Map<Long, Open> open = new HashMap<>();

    /** One that is not known to a majority yet. */
    private static final class Open {
        private final TransferRow row;
        private final Set<Long> noted = new HashSet<>();
        private long toldAt;

        Open(TransferRow row, long now) {
            this.row = row;
            this.toldAt = now;
        }
    }

    Declarations(Holdings holdings, Peers peers, LaneCounters counters) {
        this.holdings = holdings;
        this.peers = peers;
        this.counters = counters;
    }

    /** Whether there is anything to {@link #repeat}. */
    boolean busy() {
        return !open.isEmpty();
    }

    /** Whether a declaration has not been noted by a majority. */
    boolean isOpen(long number) {
        return open.containsKey(number);
    }

    /**
     * Declares tokens if there are any left to declare.
     *
     * @return false if there are none; else they may be spent now or when a majority has noted them
     */
    boolean declare(TokenPool pool, long hash, int position, long lacking, long number, long now) {
        if (!holdings.hasRoom(hash, true)) {
            counters.crowded.increment();
            return false;
        }
        ClaimsRule rule = holdings.rule(pool, pool.limits(), hash);
        List<ClaimsRule.Share> shares = rule.shares(position, now);
        if (shares.isEmpty()) {
            return false;
        }
        ClaimsRule.Share share = shares.get(0);
        int slot = ClaimsRule.slot(pool.limits(), position);
        long self = holdings.roster().self();
        KeyLedger ledger = holdings.ledger(hash);
        TransferRow known = ledger.row(TransferRow.none(
                pool.id(), hash, slot, share.generation(), share.era().number(), self, TransferRow.SPENT));
        long owned = rule.owned(position, now);
        long unsure = known.free()
                - ledger.confirmed(slot, share.generation(), share.era().number());
        long more = Math.max(0, Math.min(owned - known.free(), Math.max(lacking, owned / PART) - unsure));
        if (more == 0 && unsure <= 0) {
            return false;
        }
        TransferRow row = known.give(more, 0, now);
        holdings.put(hash, ledger.with(row));
        peers.changed(row);
        Open declared = new Open(row, now);
        if (isKnown(declared)) {
            confirm(row);
        } else {
            open.put(number, declared);
            tell(number, declared);
        }
        return true;
    }

    /** A member has noted a declaration; its row if a majority has by now. */
    Optional<TransferRow> noted(PoolMessage.Noted noted) {
        Open declared = open.get(noted.number());
        if (declared == null || !holdings.roster().contains(noted.node())) {
            return Optional.empty();
        }
        declared.noted.add(noted.node());
        if (!isKnown(declared)) {
            return Optional.empty();
        }
        open.remove(noted.number());
        confirm(declared.row);
        return Optional.of(declared.row);
    }

    private boolean isKnown(Open declared) {
        long[] members = holdings.roster().members();
        long known = 1;
        for (long member : members) {
            known += declared.noted.contains(member) ? 1 : 0;
        }
        return known * 2 > members.length;
    }

    private void confirm(TransferRow row) {
        holdings.put(
                row.hash(),
                holdings.ledger(row.hash())
                        .with(new KeyLedger.Confirmed(row.slot(), row.generation(), row.era(), row.free())));
    }

    /** Tells again what has not been noted; what nobody waits for any more is given up. */
    void repeat(long now, long patience, LongPredicate awaited) {
        for (Iterator<Map.Entry<Long, Open>> all = open.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Open> one = all.next();
            Open declared = one.getValue();
            if (!awaited.test(declared.row.hash())) {
                all.remove();
            } else if (now - declared.toldAt >= patience || now < declared.toldAt) {
                declared.toldAt = now;
                tell(one.getKey(), declared);
            }
        }
    }

    private void tell(long number, Open declared) {
        for (long member : holdings.roster().members()) {
            if (member != holdings.roster().self() && !declared.noted.contains(member)) {
                counters.sent.increment();
                peers.send(member, new PoolMessage.Declare(declared.row, number));
            }
        }
    }
}
