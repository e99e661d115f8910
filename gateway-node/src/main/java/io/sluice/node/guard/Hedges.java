package io.sluice.node.guard;

import io.sluice.node.guard.CircuitBreaker.Position;
import io.sluice.state.model.UpstreamOptions;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The second tries that an upstream is sent beside slow first ones: when one is due, and how many there are. They have a bound
 * of their own, so that an upstream that has become slow as a whole is not sent twice its traffic; each is also one of the
 * retry budget, if there is one, and there are none while the circuit is not closed. Any thread; no lock, no allocation.
 */
public final class Hedges {

    private final long delayMillis;
    private final RetryBudget budget;
    private final @Nullable RetryBudget retries;
    private final @Nullable CircuitBreaker circuit;
    private final LongAdder sent = new LongAdder();
    private final LongAdder won = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /**
     * @param members how many nodes the cluster has
     * @param retries the upstream's; null without one
     * @param circuit the upstream's; null without one
     */
    public Hedges(
            UpstreamOptions.Hedging settings,
            IntSupplier members,
            @Nullable RetryBudget retries,
            @Nullable CircuitBreaker circuit) {
        this.delayMillis = settings.delayMillis();
        this.budget = new RetryBudget(new UpstreamOptions.RetryBudget(settings.percent(), 0), members);
        this.retries = retries;
        this.circuit = circuit;
    }

    /** After so long without a response's head a second try is due. */
    public long delayMillis() {
        return delayMillis;
    }

    /**
     * A request begins.
     *
     * @param now as {@link System#nanoTime}
     */
    public void requested(long now) {
        budget.requested(now);
    }

    /** Whether another one may be sent now. If so, it is counted; {@link #sent} or {@link #unused} follows. */
    public boolean take(long now) {
        boolean closed = circuit == null || circuit.position(now) == Position.CLOSED;
        if (closed && budget.take(now)) {
            if (retries == null || retries.take(now)) {
                return true;
            }
            budget.giveBack(now);
        }
        refused.increment();
        return false;
    }

    /** There was no other target to send it to; the same time as when it was taken. */
    public void unused(long now) {
        budget.giveBack(now);
        if (retries != null) {
            retries.giveBack(now);
        }
    }

    /** One goes to its target. */
    public void sent() {
        sent.increment();
    }

    /** One has brought the response. */
    public void won() {
        won.increment();
    }

    /** How many were sent since the start. */
    public long allSent() {
        return sent.sum();
    }

    /** How many of them brought the response. */
    public long allWon() {
        return won.sum();
    }

    /** How many were due and not sent, for a budget or the circuit. */
    public long allRefused() {
        return refused.sum();
    }
}
