package io.sluice.node.guard;

/** A node that shares its guards with nobody. Its changes need no agreed time: one follows the other. */
final class Alone implements Guards.Cluster {

    @Override
    public void recall(String upstream, CircuitBreaker breaker) {}

    @Override
    public long agreedMillis() {
        return 0;
    }

    @Override
    public int members() {
        return 1;
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public void changed(String upstream, boolean open, long version) {}
}
