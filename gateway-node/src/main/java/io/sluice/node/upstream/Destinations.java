package io.sluice.node.upstream;

import io.sluice.node.dns.HostResolver;
import io.sluice.node.guard.Guards;
import io.sluice.node.guard.UpstreamGuard;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Service;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.UpstreamOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a configuration's destinations. Services that want the same of an upstream share its peers, and what balancing has
 * learned belongs to the upstream's name and the peers' addresses, not to a revision: a reload that keeps them keeps it.
 */
public final class Destinations {

    private final HostResolver resolver;
    private final Guards guards;
    private final UpstreamHealth health;
    private final Kept kept;
    private final Map<String, Upstream> upstreams = new HashMap<>();
    private final Map<UUID, List<Target>> targets = new HashMap<>();
    private final Map<String, LivePeers> inUse = new HashMap<>();

    private record MemoryKey(String upstream, String host) {}

    private record PeersKey(PeerPlan plan, UpstreamGuard guard) {}

    /** Other options may change without the guards beginning anew. */
    private record GuardKey(
            String upstream,
            UpstreamOptions.@Nullable RetryBudget budget,
            UpstreamOptions.@Nullable CircuitBreaker breaker,
            UpstreamOptions.@Nullable OutlierEjection ejection,
            UpstreamOptions.@Nullable Hedging hedging) {

        static GuardKey of(Upstream upstream) {
            UpstreamOptions options = upstream.options();
            return new GuardKey(
                    upstream.name(),
                    options.retryBudget(),
                    options.circuitBreaker(),
                    options.outlierEjection(),
                    options.hedging());
        }

        boolean none() {
            return budget == null && breaker == null && ejection == null && hedging == null;
        }
    }

    private Destinations(GatewayConfig config, HostResolver resolver, Guards guards, UpstreamHealth health, Kept kept) {
        this.resolver = resolver;
        this.guards = guards;
        this.health = health;
        this.kept = kept;
        config.upstreams().forEach(upstream -> upstreams.put(upstream.name(), upstream));
        for (Target target : config.targets()) {
            targets.computeIfAbsent(target.upstream(), key -> new ArrayList<>()).add(target);
        }
    }

    /**
     * Where requests go.
     *
     * @param byService by the service's id
     * @param upstreams all of the configuration, also those that no service names
     */
    public record Made(Map<UUID, Destination> byService, List<LiveUpstream> upstreams) {

        public Made {
            byService = Map.copyOf(byService);
            upstreams = List.copyOf(upstreams);
        }
    }

    /** The destinations of a configuration. */
    public static Made of(
            GatewayConfig config, HostResolver resolver, Guards guards, UpstreamHealth health, Kept kept) {
        Destinations made = new Destinations(config, resolver, guards, health, kept);
        Map<UUID, Destination> byService = new HashMap<>();
        config.services().forEach(service -> byService.put(service.id(), made.of(service)));
        return new Made(
                byService, config.upstreams().stream().map(made::upstream).toList());
    }

    /** What is in use already, if a service names it. */
    private LiveUpstream upstream(Upstream upstream) {
        LivePeers peers = inUse.get(upstream.name());
        return new LiveUpstream(upstream, peers == null ? live(false, upstream, UpstreamGuard.NONE) : peers);
    }

    private Destination of(Service service) {
        Upstream upstream = upstreams.get(service.host());
        if (upstream == null) {
            String host = service.host() + ':' + service.port();
            return new Destination(live(PeerPlan.of(service), host, UpstreamGuard.NONE));
        }
        boolean hashing = upstream.algorithm() == Upstream.Algorithm.CONSISTENT_HASHING;
        GuardKey key = GuardKey.of(upstream);
        UpstreamGuard guard = key.none() ? UpstreamGuard.NONE : kept.use(key, () -> guards.open(upstream));
        LivePeers live = live(service.protocol().secure(), upstream, guard);
        inUse.putIfAbsent(upstream.name(), live);
        return new Destination(live, hashing ? HashKey.of(upstream) : null, sticky(upstream), guard);
    }

    private LivePeers live(boolean secure, Upstream upstream, UpstreamGuard guard) {
        return live(PeerPlan.of(secure, upstream, targets.getOrDefault(upstream.id(), List.of())), "", guard);
    }

    private static @Nullable StickyCookie sticky(Upstream upstream) {
        UpstreamOptions.StickyCookie cookie = upstream.options().stickyCookie();
        return cookie == null || upstream.algorithm() != Upstream.Algorithm.STICKY_SESSIONS
                ? null
                : new StickyCookie(new KeyCookie(cookie.name(), cookie.path()));
    }

    private LivePeers live(PeerPlan plan, String host, UpstreamGuard guard) {
        UpstreamMemory memory = kept.use(new MemoryKey(plan.upstream(), host), () -> new UpstreamMemory(health));
        return kept.use(new PeersKey(plan, guard), () -> LivePeers.open(plan, memory, resolver, guard));
    }
}
