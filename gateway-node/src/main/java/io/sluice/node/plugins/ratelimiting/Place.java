package io.sluice.node.plugins.ratelimiting;

import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.RateLimiter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request's place among those in flight. It is given back exactly once: when the exchange ends or, if the client left while
 * the request waited for a place, when the place comes. Thread-safe.
 */
final class Place {

    private static final int AWAITED = 0;
    private static final int TAKEN = 1;
    private static final int LEFT = 2;

    private final RateLimiter limiter;
    private final Outcome outcome;
    private final AtomicInteger state = new AtomicInteger(AWAITED);

    Place(RateLimiter limiter, Outcome outcome) {
        this.limiter = limiter;
        this.outcome = outcome;
    }

    /** What the limiter found; to be read once it is known. */
    Outcome outcome() {
        return outcome;
    }

    /** The outcome is known; any thread. */
    void taken() {
        if (!state.compareAndSet(AWAITED, TAKEN)) {
            giveBack();
        }
    }

    /** The exchange has ended. */
    void leave() {
        if (state.getAndSet(LEFT) == TAKEN) {
            giveBack();
        }
    }

    private void giveBack() {
        if (outcome.admitted()) {
            limiter.release(outcome);
        }
    }
}
