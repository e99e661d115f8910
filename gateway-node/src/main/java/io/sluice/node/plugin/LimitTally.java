package io.sluice.node.plugin;

import java.util.concurrent.atomic.LongAdder;

/** How often one configuration of a limiting plugin decided what. Only grows; thread-safe. */
public final class LimitTally {

    private final LongAdder admitted = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final LongAdder parked = new LongAdder();
    private final LongAdder dryRunDenied = new LongAdder();

    /** Counts a request that may go on. */
    public void admit() {
        admitted.increment();
    }

    /** Counts a request that was refused. */
    public void deny() {
        denied.increment();
    }

    /** Counts a request that waits for another node; it is admitted or denied later as well. */
    public void park() {
        parked.increment();
    }

    /** Counts a request that goes on because refusals are only reported. */
    public void denyInDryRun() {
        dryRunDenied.increment();
    }

    public long admitted() {
        return admitted.sum();
    }

    public long denied() {
        return denied.sum();
    }

    public long parked() {
        return parked.sum();
    }

    public long dryRunDenied() {
        return dryRunDenied.sum();
    }
}
