package io.sluice.state.limit;

import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;

/**
 * How this node goes over from one {@link Turn} to the next with what it has in use: counts by the next one as well, asks others for
 * what does not fit into its share of it, and has settled when all fits. All keys are looked at in {@link Rounds}: what fits when it
 * is looked at fits from then on, since it counts by the turn by then, and so does what comes later. Of the lane's thread only,
 * except where it says otherwise.
 */
final class Settlement {

    private final TokenClock clock;
    private final Holdings holdings;
    private final BiConsumer<TokenPool, Entry> cover;
    private final Rounds rounds;
    private volatile Turn last = Turn.NONE;

    /** Which turn all keys are being looked at for. */
    private Turn open = Turn.NONE;

    private boolean allFit;

    /**
     * Settled in no turn.
     *
     * @param cover asks others for what a key owes here
     * @param rounds of the lane
     */
    Settlement(TokenClock clock, Holdings holdings, BiConsumer<TokenPool, Entry> cover, Rounds rounds) {
        this.clock = clock;
        this.holdings = holdings;
        this.cover = cover;
        this.rounds = rounds;
    }

    /** The last turn that this node has settled in. Any thread. */
    Turn last() {
        return last;
    }

    /** This node has become another one, which owns nothing yet. */
    void forget() {
        rounds.drop(Rounds.Purpose.SETTLE);
        last = Turn.NONE;
    }

    /** Begins to look at all keys unless this node has settled or is looking; to be called every second or so. */
    void settle(Collection<TokenPool> all, LongPredicate mine) {
        Turn turn = holdings.enter(Turn.at(holdings.estates(), clock.millis()));
        if (last.covers(turn) || rounds.isOpen(Rounds.Purpose.SETTLE) && open.equals(turn)) {
            return;
        }
        List<TokenPool> atATime = all.stream()
                .filter(pool -> pool.rule().windowType() == WindowType.CONCURRENCY)
                .toList();
        open = turn;
        allFit = true;
        rounds.begin(Rounds.Purpose.SETTLE, new KeyWalk(atATime, mine, this::look, () -> {
            if (allFit) {
                last = turn;
            }
        }));
    }

    private void look(TokenPool pool, Entry entry) {
        boolean before = allFit;
        allFit = false; // unless it is found to: a round goes on after a bug
        allFit = fits(pool, entry, clock.millis()) && before;
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
