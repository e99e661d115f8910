package io.sluice.node.proxy;

/**
 * How much of request bodies may be in memory for plugins at a time on one connection, whose streams share it. A body that is
 * alone there may be as long as the plugins that want it allow. Not thread-safe.
 */
final class BodyBudget {

    static final long MOST = 16L * 1024 * 1024;

    private long held;

    /**
     * A body that holds {@code mine} bytes has got more.
     *
     * @return false if that is too much, because others hold bytes too; they count until {@link #give}
     */
    boolean take(long mine, long more) {
        held += more;
        return held <= MOST || held == mine + more;
    }

    /** A body that held so many bytes is gone. */
    void give(long bytes) {
        held -= bytes;
    }
}
