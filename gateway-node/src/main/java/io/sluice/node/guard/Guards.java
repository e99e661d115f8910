package io.sluice.node.guard;

import io.sluice.state.model.Upstream;
import io.sluice.state.model.UpstreamOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The guards of all upstreams of a node. Thread-safe. */
public final class Guards {

    private final Cluster cluster;
    private final List<UpstreamGuard> open = new CopyOnWriteArrayList<>();

    /** The nodes that share budgets and circuits. Any thread; must not block. */
    public interface Cluster extends CircuitBreaker.Signals {

        /** Tells a new breaker by {@link CircuitBreaker#learned} what is known of its upstream's circuit, if anything is. */
        void recall(String upstream, CircuitBreaker breaker);

        /** This node leaves out an address for so many nanoseconds. */
        default void ejected(String upstream, String address, long nanos) {}
    }

    /** Those of a node by itself. */
    public static Guards alone() {
        return new Guards(new Alone());
    }

    public Guards(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Those of an upstream, until they are closed; those before it, with other settings, may still be in use. */
    public UpstreamGuard open(Upstream upstream) {
        UpstreamOptions options = upstream.options();
        UpstreamOptions.RetryBudget budget = options.retryBudget();
        UpstreamOptions.CircuitBreaker breaker = options.circuitBreaker();
        UpstreamOptions.OutlierEjection ejection = options.outlierEjection();
        UpstreamOptions.Hedging hedging = options.hedging();
        RetryBudget retries = budget == null ? null : new RetryBudget(budget, cluster::members);
        CircuitBreaker circuit = breaker == null ? null : new CircuitBreaker(upstream.name(), breaker, cluster);
        UpstreamGuard[] made = new UpstreamGuard[1];
        UpstreamGuard guard = new UpstreamGuard(
                upstream.name(),
                retries,
                circuit,
                ejection == null
                        ? null
                        : new OutlierEjection(
                                ejection, (address, nanos) -> cluster.ejected(upstream.name(), address, nanos)),
                hedging == null ? null : new Hedges(hedging, cluster::members, retries, circuit),
                () -> open.remove(made[0]));
        made[0] = guard;
        open.add(guard);
        if (circuit != null) {
            cluster.recall(upstream.name(), circuit);
        }
        return guard;
    }

    /**
     * Another node has opened or closed an upstream's circuit, as {@link CircuitBreaker#learned} takes it.
     *
     * @param age how many nanoseconds ago
     * @return whether this node has a breaker for it
     */
    public boolean learned(String upstream, boolean opened, long version, long age, long now) {
        boolean any = false;
        for (UpstreamGuard guard : open) {
            CircuitBreaker circuit = guard.circuit();
            if (circuit != null && guard.upstream().equals(upstream)) {
                circuit.learned(opened, version, age, now);
                any = true;
            }
        }
        return any;
    }

    /** The newest of each upstream. */
    public List<UpstreamGuard> all() {
        Map<String, UpstreamGuard> newest = new LinkedHashMap<>();
        open.forEach(guard -> newest.put(guard.upstream(), guard));
        return List.copyOf(newest.values());
    }
}
