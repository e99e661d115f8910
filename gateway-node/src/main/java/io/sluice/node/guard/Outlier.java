package io.sluice.node.guard;

import java.util.concurrent.atomic.AtomicInteger;

/** What a node remembers of one target for {@link OutlierEjection}. Any thread. */
public final class Outlier {

    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean ejected;
    private volatile long until;
    private int ejections;

    /** Whether it is left out at a time; one or two volatile reads. */
    public boolean out(long now) {
        return ejected && until - now > 0;
    }

    /** Counts a failure; gives how many there were in a row. */
    int failed() {
        return failures.incrementAndGet();
    }

    void succeeded() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    /**
     * Leaves it out: for as long as the base times the ejections, of which one is forgotten for every base without. One thread at
     * a time. Gives how long that is.
     */
    long eject(long now, long base, long longest) {
        long forgotten = ejections == 0 ? 0 : Math.max(0, now - until) / base;
        ejections = (int) Math.max(0, ejections - forgotten) + 1;
        failures.set(0);
        long time = ejections > longest / base ? longest : base * ejections;
        until = now + time;
        ejected = true;
        return time;
    }
}
