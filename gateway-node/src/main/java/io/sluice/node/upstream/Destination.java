package io.sluice.node.upstream;

import org.jspecify.annotations.Nullable;

/**
 * Where a service's requests go: the targets of the upstream that its host names, or the host itself. Made once per revision;
 * thread-safe.
 */
public final class Destination {

    private final LivePeers live;
    private final @Nullable HashKey key;

    Destination(LivePeers live, @Nullable HashKey key) {
        this.live = live;
        this.key = key;
    }

    /** The peers as of now. */
    Peers peers() {
        return live.current();
    }

    /** Whether the upstream may be used at all now. */
    boolean healthy() {
        return live.healthy();
    }

    /** What of a request the balancer wants hashed; null for nothing. */
    @Nullable
    HashKey key() {
        return key;
    }
}
