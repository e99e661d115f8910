package io.sluice.node.upstream;

import io.sluice.state.health.Healthchecks;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.health.WatchedUpstream;
import io.sluice.state.model.Upstream;
import java.util.Optional;

/** An upstream of a configuration and what it is made of now. Thread-safe. */
public final class LiveUpstream {

    private final Upstream upstream;
    private final Healthchecks checks;
    private final LivePeers peers;

    LiveUpstream(Upstream upstream, LivePeers peers) {
        this.upstream = upstream;
        this.checks = Healthchecks.of(upstream.healthchecks());
        this.peers = peers;
    }

    String name() {
        return upstream.name();
    }

    boolean isMadeOf(LivePeers some) {
        return peers == some;
    }

    /** Finds out whether enough of it is up, for all requests that go there. */
    void judge() {
        peers.memory().judge(checks.threshold());
    }

    /** What the health checks need to know. */
    WatchedUpstream watched() {
        return new WatchedUpstream(
                name(),
                checks,
                Optional.ofNullable(upstream.hostHeader()),
                peers.current().all().stream()
                        .map(peer -> new TargetAddress(
                                name(),
                                peer.target(),
                                peer.endpoint().ip(),
                                peer.endpoint().port()))
                        .sorted()
                        .distinct()
                        .toList());
    }

    UpstreamView view() {
        return new UpstreamView(upstream.id(), name(), !checks.isOff(), peers.healthy(), peers.targets());
    }
}
