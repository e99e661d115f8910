package io.sluice.node.upstream;

import io.sluice.node.balance.TargetLoad;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What balancing has learned of an upstream, by its name and its peers' addresses: it outlasts revisions and look-ups. Loads are
 * kept for as long as some {@link Peers} or request holds them. Thread-safe; off the loops.
 */
final class UpstreamMemory implements AutoCloseable {

    private record Address(String target, String ip, int port) {}

    /** Not all nodes begin with the same target. */
    private final AtomicInteger turn =
            new AtomicInteger(ThreadLocalRandom.current().nextInt());

    private final Map<Address, WeakReference<TargetLoad>> loads = new HashMap<>();
    private final List<LivePeers> peers = new CopyOnWriteArrayList<>();
    private final UpstreamHealth health;
    private volatile double threshold;

    UpstreamMemory(UpstreamHealth health) {
        this.health = health;
    }

    UpstreamHealth health() {
        return health;
    }

    /** Peers of this upstream that requests use. */
    void add(LivePeers some) {
        peers.add(some);
    }

    void remove(LivePeers some) {
        peers.remove(some);
    }

    /** The percentage of weight of which more must be up. */
    double threshold() {
        return threshold;
    }

    /** Finds out whether enough is up, with another threshold. */
    void judge(double newThreshold) {
        threshold = newThreshold;
        peers.forEach(some -> some.judge(newThreshold));
    }

    AtomicInteger turn() {
        return turn;
    }

    synchronized TargetLoad load(String target, Endpoint endpoint) {
        Address address = new Address(target, endpoint.ip(), endpoint.port());
        WeakReference<TargetLoad> known = loads.get(address);
        TargetLoad load = known == null ? null : known.get();
        if (load == null) {
            load = new TargetLoad(System.nanoTime());
            loads.values().removeIf(reference -> reference.refersTo(null));
            loads.put(address, new WeakReference<>(load));
        }
        return load;
    }

    @Override
    public void close() {
        // nothing but memory
    }
}
