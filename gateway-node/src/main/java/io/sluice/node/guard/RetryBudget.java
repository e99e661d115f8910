package io.sluice.node.guard;

import io.sluice.state.model.UpstreamOptions;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/**
 * How many retries an upstream is sent, so that they cannot multiply an outage. Within ten seconds a node retries at most so
 * many percent of the requests it had in them, and besides its even share of what the cluster may always retry. Percentages of
 * parts add up to the percentage of the whole and the shares to the whole minimum, so the bound holds for the cluster without a
 * message. Any thread; no lock, no allocation.
 */
public final class RetryBudget {

    private static final int SECONDS = 10;

    private final UpstreamOptions.RetryBudget settings;
    private final IntSupplier members;
    private final RollingCount requests = new RollingCount(SECONDS * 1_000_000_000L);
    private final RollingCount retries = new RollingCount(SECONDS * 1_000_000_000L);
    private final LongAdder refused = new LongAdder();

    /** @param members how many nodes share the minimum; less than 1 counts as 1 */
    public RetryBudget(UpstreamOptions.RetryBudget settings, IntSupplier members) {
        this.settings = settings;
        this.members = members;
    }

    /**
     * A request begins.
     *
     * @param now as {@link System#nanoTime}
     */
    public void requested(long now) {
        requests.add(now);
    }

    /** Whether a try may be repeated now; if so, it is counted. */
    public boolean retry(long now) {
        boolean allowed = take(now);
        if (!allowed) {
            refused.increment();
        }
        return allowed;
    }

    /** Whether there is one more; if so, it is counted. */
    boolean take(long now) {
        double most = settings.percent() / 100 * requests.sum(now)
                + settings.minPerSecond() * SECONDS / Math.max(1, members.getAsInt());
        if (retries.sum(now) + 1 > most) {
            return false;
        }
        retries.add(now);
        if (retries.sum(now) > most) { // others were quicker: rather one too few
            retries.remove(now);
            return false;
        }
        return true;
    }

    /** What was taken at this time was not needed. */
    void giveBack(long now) {
        retries.remove(now);
    }

    /** How many retries were refused since the start. */
    public long refused() {
        return refused.sum();
    }
}
