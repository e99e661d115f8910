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
    private final Holdings holdings;
    private final AskOrder order;
    private final Peers peers;
    private final LaneCounters counters;
    private final Map<Long, Question> open = new HashMap<>();
    private long lastNumber;

    HomeDecisions(TokenClock clock, Holdings holdings, AskOrder order, Peers peers, LaneCounters counters) {
        this.clock = clock;
        this.holdings = holdings;
        this.order = order;
        this.peers = peers;
        this.counters = counters;
    }

    private record Question(Parked parked, long decider, long askedAt) {}

    boolean busy() {
        return !open.isEmpty();
    }

    /**
     * Puts a request to the home; it waits for the answer no longer than its deadline. A home that has not been heard of for a
     * while is asked for one request at a time, and the others are refused at once: it may be dead, and then nobody but the
     * next era can give what it owned.
     */
    void put(Parked parked, long decider, long now) {
        boolean tried = order.isSilent(decider, now) && isAsked(decider);
        if (tried || !order.mayAsk(holdings.roster(), decider) || parked.isOver(now)) {
            refuseWithoutHome(parked, now);
            return;
        }
        counters.parked.increment();
        long number = ++lastNumber;
        open.put(number, new Question(parked, decider, now));
        counters.sent.increment();
        peers.send(
                decider,
                new PoolMessage.Decide(
                        parked.pool().id(),
                        parked.entry().hash(),
                        holdings.roster().self(),
                        number,
                        parked.cost()));
    }

    private boolean isAsked(long decider) {
        return open.values().stream().anyMatch(question -> question.decider() == decider);
    }

    /** Those that have waited too long are refused. */
    void expire(long now) {
        for (Iterator<Question> all = open.values().iterator(); all.hasNext(); ) {
            Question question = all.next();
            Parked parked = question.parked();
            boolean late = now - question.askedAt() >= TokenLane.PATIENCE_MILLIS;
            if (late) {
                order.unanswered(question.decider(), now);
            }
            if (late && order.isSilent(question.decider(), now)) {
                all.remove();
                order.avoid(question.decider(), now);
                refuseWithoutHome(parked, now);
            } else if (parked.isOver(now)) {
                all.remove();
                refuse(parked, now);
            }
        }
    }

    /** The home's answer. */
    void answered(PoolMessage.Decided decided) {
        Question question = open.remove(decided.number());
        if (question == null) {
            return; // too late: if it was admitted, the token is lost for one window
        }
        long now = clock.millis();
        order.answered(question.decider());
        Parked parked = question.parked();
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
        parked.refuse(now);
    }

    /** The same; it is of no use to come back before somebody else is the home, if it is known when that will be. */
    private void refuseWithoutHome(Parked parked, long now) {
        Limits limits = parked.pool().limits();
        ClaimsRule rule = holdings.rule(parked.pool(), limits, parked.entry().hash());
        for (int i = 0; i < Math.min(limits.size(), parked.outcome().size()); i++) {
            parked.outcome().notBefore(i, Math.max(now + AskOrder.AVOID_MILLIS, rule.sharedOut(i, now)));
        }
        refuse(parked, now);
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
