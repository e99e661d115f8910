package io.sluice.state.limit;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keys with so few tokens that sharing them out would leave most nodes with none: all belong to the key's home, and the others
 * have it decide every request. A hop for each, but no token is ever in the wrong place. Of the lane's thread only.
 */
final class HomeDecisions {

    private final TokenClock clock;
    private final LaneCounters counters;
    private final Map<Long, Parked> open = new HashMap<>();

    HomeDecisions(TokenClock clock, LaneCounters counters) {
        this.clock = clock;
        this.counters = counters;
    }

    boolean busy() {
        return !open.isEmpty();
    }

    /** A request is put to the home; it waits for the answer no longer than its deadline. */
    void asked(long number, Parked parked) {
        open.put(number, parked);
    }

    /** Those that have waited too long are refused. */
    void expire(long now) {
        for (Iterator<Parked> all = open.values().iterator(); all.hasNext(); ) {
            Parked parked = all.next();
            if (parked.isOver(now)) {
                all.remove();
                refuse(parked, now);
            }
        }
    }

    /** The home's answer. */
    void answered(PoolMessage.Decided decided) {
        Parked parked = open.remove(decided.number());
        if (parked == null) {
            return; // too late: if it was admitted, the token is lost for one window
        }
        long now = clock.millis();
        if (parked.isOver(now)) {
            // The same: this node was paused, and what was admitted then must not add to what is admitted now.
            refuse(parked, now);
            return;
        }
        parked.entry().quiet(decided.quietUntil(), parked.pool().limits(), now);
        parked.outcome().decidedElsewhere(decided, parked.cost());
        parked.decide();
    }

    /** Nobody is told that something is left who does not get it. */
    private void refuse(Parked parked, long now) {
        counters.denied.increment();
        Lease lease = parked.entry().lease();
        if (lease != null) {
            lease.tellExhausted(parked.cost(), now, parked.outcome());
        }
        parked.decide();
    }

    /** Decides for another node; the answer may come later if this one has to ask for tokens itself. */
    CompletionStage<PoolMessage.Decided> decide(TokenPool pool, PoolMessage.Decide decide) {
        counters.decided.increment();
        Outcome outcome = new Outcome(pool.limits().size());
        pool.acquire(decide.hash(), decide.cost(), outcome);
        return outcome.pending()
                .map(pending -> pending.thenApply(known -> answer(pool, decide, known)))
                .orElseGet(() -> CompletableFuture.completedFuture(answer(pool, decide, outcome)));
    }

    private PoolMessage.Decided answer(TokenPool pool, PoolMessage.Decide decide, Outcome outcome) {
        Limits limits = pool.limits();
        long[] used = new long[outcome.size()];
        long[] freeAt = new long[outcome.size()];
        long quietUntil = 0;
        for (int i = 0; i < used.length; i++) {
            used[i] = outcome.used(i);
            freeAt[i] = outcome.freeAt(i);
            boolean empty = !outcome.admitted() && i < limits.size() && used[i] >= limits.allowed(i);
            quietUntil = empty ? Math.max(quietUntil, freeAt[i]) : quietUntil;
        }
        long now = clock.millis();
        return new PoolMessage.Decided(
                decide.rule(),
                decide.hash(),
                decide.number(),
                outcome.admitted(),
                now,
                Math.max(0, quietUntil),
                used,
                freeAt);
    }
}
