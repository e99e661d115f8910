package io.sluice.node.guard;

import io.sluice.node.guard.CircuitBreaker.Pass;
import org.jspecify.annotations.Nullable;

/** A request on its way past the guards of its upstream. Reused for one request after the other; one thread. */
public final class GuardedRequest {

    private UpstreamGuard guard = UpstreamGuard.NONE;
    private @Nullable Pass pass;

    /**
     * Begins with a request.
     *
     * @param now as {@link System#nanoTime}
     * @return false if it must not be sent
     */
    public boolean enter(UpstreamGuard of, long now) {
        guard = of;
        CircuitBreaker circuit = of.circuit();
        if (circuit != null) {
            pass = circuit.enter(now);
            if (pass == null) {
                return false;
            }
        }
        RetryBudget budget = of.retries();
        if (budget != null) {
            budget.requested(now);
        }
        Hedges hedges = of.hedges();
        if (hedges != null) {
            hedges.requested(now);
        }
        return true;
    }

    /** Whether it may be tried once more. */
    public boolean retry(long now) {
        RetryBudget budget = guard.retries();
        return budget == null || budget.retry(now);
    }

    /** What bounds second tries beside the first; null if there are none. */
    public @Nullable Hedges hedges() {
        return guard.hedges();
    }

    /** Its outcome is known; the first one counts. */
    public void ended(Outcome outcome, long now) {
        CircuitBreaker circuit = guard.circuit();
        Pass ticket = pass;
        if (circuit != null && ticket != null) {
            pass = null;
            circuit.ended(ticket, outcome, now);
        }
    }

    /** Seconds after which a client that was not let pass may ask again. */
    public long retryAfter(long now) {
        CircuitBreaker circuit = guard.circuit();
        return circuit == null ? 1 : circuit.retryAfter(now);
    }

    /** It is over, whether or not an outcome is known. */
    public void clear(long now) {
        ended(Outcome.UNKNOWN, now);
        guard = UpstreamGuard.NONE;
    }
}
