package io.sluice.state.limit;

import java.util.concurrent.CompletableFuture;

/** A request that waits for tokens from another node. */
final class Parked {

    /** If the clock goes back further it was set. */
    static final long CLOCK_MILLIS = 1_000;

    private final TokenPool pool;
    private final Entry entry;
    private final long cost;
    private long deadline;
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

    /** Whether it only waits until there is a token, and takes none. */
    boolean takesNone() {
        return cost == 0;
    }

    long cost() {
        return cost;
    }

    /** Waits no longer from now on than its rule allows, though the time it was refused at may lie ahead. */
    void begin(long now) {
        deadline = Math.min(deadline, now + park());
    }

    /** Whether it has waited long enough, also if the clock was set back. */
    boolean isOver(long now) {
        return deadline <= now || deadline > now + park() + CLOCK_MILLIS;
    }

    private long park() {
        return pool.rule().park().toMillis();
    }

    Outcome outcome() {
        return outcome;
    }

    /** Refused, with no token left to whoever asks: none is there for this one. */
    void refuse(long now) {
        Lease lease = entry.lease();
        if (lease != null) {
            lease.tellExhausted(cost, now, outcome);
        }
        decide();
    }

    void decide() {
        decided.complete(outcome);
    }
}
