package io.sluice.state.limit;

import java.util.function.BiConsumer;
import java.util.function.LongPredicate;

/**
 * How this node goes over from one {@link Turn} to the next with what it has in use: counts by the next one as well, asks others for
 * what does not fit into its share of it, and has settled when all fits. Of the lane's thread only, except where it says otherwise.
 */
final class Settlement {

    private final Holdings holdings;
    private final BiConsumer<TokenPool, Entry> cover;
    private volatile Turn last = Turn.NONE;

    /** @param cover asks others for what a key owes here */
    Settlement(Holdings holdings, BiConsumer<TokenPool, Entry> cover) {
        this.holdings = holdings;
        this.cover = cover;
    }

    /** The last turn that this node has settled in. Any thread. */
    Turn last() {
        return last;
    }

    /** This node has become another one, which owns nothing yet. */
    void forget() {
        last = Turn.NONE;
    }

    /** Looks at all keys again unless this node has settled; to be called every second or so. */
    void settle(Iterable<TokenPool> all, LongPredicate mine, long now) {
        Turn turn = holdings.enter(Turn.at(holdings.estates(), now));
        if (last.covers(turn)) {
            return;
        }
        boolean[] fits = {true};
        for (TokenPool pool : all) {
            if (pool.rule().windowType() == WindowType.CONCURRENCY) {
                pool.table().forEach(entry -> fits[0] &= !mine.test(entry.hash()) || fits(pool, entry, now));
            }
        }
        if (fits[0]) {
            last = turn;
        }
    }

    private boolean fits(TokenPool pool, Entry entry, long now) {
        holdings.relet(
                pool, entry, now); // what is just being taken by the claims before is counted, or finds them closed
        Lease lease = entry.lease();
        if (lease == null) {
            return true;
        }
        if (lease.owes(now)) {
            cover.accept(pool, entry);
        }
        return holdings.rule(pool, pool.limits(), entry.hash()).fits(lease.used(0, now), 0, now);
    }
}
