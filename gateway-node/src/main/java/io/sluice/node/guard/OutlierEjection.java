package io.sluice.node.guard;

import io.sluice.state.model.UpstreamOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Leaves out the targets of an upstream that fail several of this node's requests in a row, for a time that grows with every
 * time, as Envoy does; never more than a part of them. It is what this node has seen: other nodes see for themselves. Any
 * thread; no lock.
 */
public final class OutlierEjection {

    /** No ejection lasts longer, unless the base does. */
    private static final long LONGEST = 300_000_000_000L;

    /** Is told when a target is left out. */
    @FunctionalInterface
    public interface Listener {

        /**
         * On a request's thread: must not block.
         *
         * @param address as {@link #of} was given it
         * @param nanos for how long
         */
        void ejected(String address, long nanos);
    }

    private final UpstreamOptions.OutlierEjection settings;
    private final Listener listener;
    private final long base;
    private final Map<String, Outlier> known = new ConcurrentHashMap<>();
    private final AtomicBoolean ejecting = new AtomicBoolean();
    private final LongAdder ejections = new LongAdder();

    public OutlierEjection(UpstreamOptions.OutlierEjection settings) {
        this(settings, (address, nanos) -> {});
    }

    public OutlierEjection(UpstreamOptions.OutlierEjection settings, Listener listener) {
        this.settings = settings;
        this.listener = listener;
        this.base = Math.max(1, (long) (settings.baseEjectionTime() * 1e9));
    }

    /** What is remembered of these addresses, in their order; others are forgotten. */
    public Outlier[] of(List<String> addresses) {
        known.keySet().retainAll(addresses);
        return addresses.stream()
                .map(address -> known.computeIfAbsent(address, key -> new Outlier()))
                .toArray(Outlier[]::new);
    }

    /**
     * A target has failed a try.
     *
     * @param all the upstream's targets now
     * @param now as {@link System#nanoTime}
     * @return whether it is left out from now on
     */
    public boolean failed(Outlier[] all, int target, long now) {
        Outlier failing = all[target];
        if (failing.failed() < settings.consecutiveFailures() || failing.out(now)) {
            return false;
        }
        if (!ejecting.compareAndSet(false, true)) {
            return false; // another is ejected this instant: the next failure decides
        }
        try {
            boolean room = 100L * (out(all, now) + 1) <= (long) settings.maxEjectionPercent() * all.length;
            if (room && !failing.out(now)) {
                long time = failing.eject(now, base, Math.max(base, LONGEST));
                ejections.increment();
                known.forEach((address, one) -> {
                    if (one == failing) {
                        listener.ejected(address, time);
                    }
                });
                return true;
            }
            return false;
        } finally {
            ejecting.set(false);
        }
    }

    /** A target has answered well. */
    public void succeeded(Outlier target) {
        target.succeeded();
    }

    private static int out(Outlier[] all, long now) {
        int out = 0;
        for (Outlier one : all) {
            out += one.out(now) ? 1 : 0;
        }
        return out;
    }

    /** How many targets are left out at a time. */
    public int out(long now) {
        return out(known.values().toArray(Outlier[]::new), now);
    }

    /** The addresses that are left out at a time, sorted. */
    public List<String> outNow(long now) {
        return known.entrySet().stream()
                .filter(one -> one.getValue().out(now))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** How often a target was left out since the start. */
    public long ejections() {
        return ejections.sum();
    }
}
