package io.sluice.node.upstream;

import io.sluice.node.dns.HostResolver;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Service;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Makes a configuration's destinations. Services that want the same of an upstream share its peers, and what balancing has
 * learned belongs to the upstream's name and the peers' addresses, not to a revision: a reload that keeps them keeps it.
 */
public final class Destinations {

    private final HostResolver resolver;
    private final Kept kept;
    private final Map<String, Upstream> upstreams = new HashMap<>();
    private final Map<UUID, List<Target>> targets = new HashMap<>();

    private record MemoryKey(String upstream, String host) {}

    private Destinations(GatewayConfig config, HostResolver resolver, Kept kept) {
        this.resolver = resolver;
        this.kept = kept;
        config.upstreams().forEach(upstream -> upstreams.put(upstream.name(), upstream));
        for (Target target : config.targets()) {
            targets.computeIfAbsent(target.upstream(), key -> new ArrayList<>()).add(target);
        }
    }

    /** Where the requests of each service go, by the service's id. */
    public static Map<UUID, Destination> of(GatewayConfig config, HostResolver resolver, Kept kept) {
        Destinations made = new Destinations(config, resolver, kept);
        Map<UUID, Destination> all = new HashMap<>();
        config.services().forEach(service -> all.put(service.id(), made.of(service)));
        return all;
    }

    private Destination of(Service service) {
        Upstream upstream = upstreams.get(service.host());
        if (upstream == null) {
            return new Destination(live(PeerPlan.of(service), service.host() + ':' + service.port()), null);
        }
        List<Target> members = targets.getOrDefault(upstream.id(), List.of());
        boolean hashing = upstream.algorithm() == Upstream.Algorithm.CONSISTENT_HASHING;
        LivePeers live = live(PeerPlan.of(service, upstream, members), "");
        return new Destination(live, hashing ? HashKey.of(upstream) : null);
    }

    private LivePeers live(PeerPlan plan, String host) {
        UpstreamMemory memory = kept.use(new MemoryKey(plan.upstream(), host), UpstreamMemory::new);
        return kept.use(plan, () -> LivePeers.open(plan, memory, resolver));
    }
}
