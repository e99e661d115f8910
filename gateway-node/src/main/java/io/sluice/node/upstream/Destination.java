package io.sluice.node.upstream;

import io.sluice.node.guard.UpstreamGuard;
import org.jspecify.annotations.Nullable;

/**
 * Where a service's requests go: the targets of the upstream that its host names, or the host itself. Made once per revision;
 * thread-safe.
 */
public final class Destination {

    private final LivePeers live;
    private final @Nullable HashKey key;
    private final @Nullable StickyCookie sticky;
    private final UpstreamGuard guard;

    Destination(LivePeers live, @Nullable HashKey key, @Nullable StickyCookie sticky, UpstreamGuard guard) {
        this.live = live;
        this.key = key;
        this.sticky = sticky;
        this.guard = guard;
    }

    /** Without anything that tells requests apart or guards the upstream. */
    Destination(LivePeers live) {
        this(live, null, null, UpstreamGuard.NONE);
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

    /** The cookie that keeps a client with its target; null without one. */
    @Nullable
    StickyCookie sticky() {
        return sticky;
    }

    /** What keeps the upstream from being asked too much. */
    UpstreamGuard guard() {
        return guard;
    }
}
