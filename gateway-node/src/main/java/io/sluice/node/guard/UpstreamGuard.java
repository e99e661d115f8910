package io.sluice.node.guard;

import org.jspecify.annotations.Nullable;

/** The guards of an upstream that are switched on. They outlast revisions that do not change them. Any thread. */
public final class UpstreamGuard implements AutoCloseable {

    /** None are. */
    public static final UpstreamGuard NONE = new UpstreamGuard("", null, null, null, null, () -> {});

    private final String upstream;
    private final @Nullable RetryBudget retries;
    private final @Nullable CircuitBreaker circuit;
    private final @Nullable OutlierEjection outliers;
    private final @Nullable Hedges hedges;
    private final Runnable closed;

    UpstreamGuard(
            String upstream,
            @Nullable RetryBudget retries,
            @Nullable CircuitBreaker circuit,
            @Nullable OutlierEjection outliers,
            @Nullable Hedges hedges,
            Runnable closed) {
        this.upstream = upstream;
        this.retries = retries;
        this.circuit = circuit;
        this.outliers = outliers;
        this.hedges = hedges;
        this.closed = closed;
    }

    /** The upstream's name. */
    public String upstream() {
        return upstream;
    }

    public @Nullable RetryBudget retries() {
        return retries;
    }

    public @Nullable CircuitBreaker circuit() {
        return circuit;
    }

    public @Nullable OutlierEjection outliers() {
        return outliers;
    }

    public @Nullable Hedges hedges() {
        return hedges;
    }

    /** No request will use them any more. */
    @Override
    public void close() {
        closed.run();
    }
}
