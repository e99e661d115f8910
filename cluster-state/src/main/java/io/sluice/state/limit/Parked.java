package io.sluice.state.limit;

import java.util.concurrent.CompletableFuture;

/** A request that waits for tokens from another node. */
final class Parked {

    private final TokenPool pool;
    private final Entry entry;
    private final long cost;
    private final long deadline;
    private final Outcome outcome;
    private final CompletableFuture<Outcome> decided;

    Parked(TokenPool pool, Entry entry, long cost, long deadline, Outcome outcome) {
        this.pool = pool;
        this.entry = entry;
        this.cost = cost;
        this.deadline = deadline;
        this.outcome = outcome;
        this.decided = outcome.park();
    }

    TokenPool pool() {
        return pool;
    }

    Entry entry() {
        return entry;
    }

    long cost() {
        return cost;
    }

    long deadline() {
        return deadline;
    }

    Outcome outcome() {
        return outcome;
    }

    void decide() {
        decided.complete(outcome);
    }
}
