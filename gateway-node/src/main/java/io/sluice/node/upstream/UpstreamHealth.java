package io.sluice.node.upstream;

import io.sluice.state.health.HealthChange;
import io.sluice.state.health.HealthReport;
import io.sluice.state.health.SharedHealth;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.health.TargetHealth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The health of the upstreams that are in use: tells the cluster's health which addresses there are, and the upstreams when one
 * of theirs is up or down. Thread-safe.
 */
public final class UpstreamHealth {

    private final SharedHealth shared;
    private volatile Map<String, LiveUpstream> followed = Map.of();

    /** With nothing followed yet. */
    public UpstreamHealth(SharedHealth shared) {
        this.shared = shared;
        Runnable unused = shared.subscribe(this::changed);
    }

    /** Of nodes where nothing is ever down. */
    public static UpstreamHealth none() {
        return new UpstreamHealth(AlwaysUp.INSTANCE);
    }

    /** The health of an address of a target; a host that is not an upstream has none. */
    TargetHealth of(String upstream, String target, Endpoint endpoint) {
        return upstream.isEmpty()
                ? TargetHealth.always()
                : shared.of(new TargetAddress(upstream, target, endpoint.ip(), endpoint.port()));
    }

    /** These upstreams are in use from now on, in place of those before. */
    public void follow(List<LiveUpstream> upstreams) {
        Map<String, LiveUpstream> next = new LinkedHashMap<>();
        upstreams.forEach(upstream -> next.put(upstream.name(), upstream));
        replace(next);
        upstreams.forEach(LiveUpstream::judge); // without the lock: peers that move hold theirs and want this one
    }

    private synchronized void replace(Map<String, LiveUpstream> next) {
        Map<String, LiveUpstream> before = followed;
        followed = next;
        next.values().forEach(upstream -> shared.watch(upstream.watched()));
        before.keySet().stream().filter(name -> !next.containsKey(name)).forEach(shared::forget);
    }

    /** An upstream has other addresses than before. */
    synchronized void moved(LivePeers peers) {
        LiveUpstream upstream = followed.get(peers.upstream());
        if (upstream != null && upstream.isMadeOf(peers)) {
            shared.watch(upstream.watched());
        }
    }

    private void changed(HealthChange change) {
        LiveUpstream upstream = followed.get(change.address().upstream());
        if (upstream != null) {
            upstream.judge();
        }
    }

    /** How each upstream fares, in the configuration's order. */
    public List<UpstreamView> views() {
        return followed.values().stream().map(LiveUpstream::view).toList();
    }

    /** How one fares; empty if it is not in use. */
    public Optional<UpstreamView> view(String upstream) {
        return Optional.ofNullable(followed.get(upstream)).map(LiveUpstream::view);
    }

    /** Says by hand what a target is; as {@link SharedHealth#mark}. */
    public CompletionStage<Boolean> mark(String upstream, String target, Optional<String> endpoint, boolean healthy) {
        return shared.mark(upstream, target, endpoint, healthy);
    }

    /** What each node thinks and why; as {@link SharedHealth#report}. */
    public CompletionStage<HealthReport> report() {
        return shared.report();
    }
}
