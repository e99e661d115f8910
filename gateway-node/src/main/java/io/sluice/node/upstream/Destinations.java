package io.sluice.node.upstream;

import io.sluice.node.balance.Balancer;
import io.sluice.node.balance.Balancers;
import io.sluice.node.balance.TargetLoad;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Service;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes a configuration's destinations. All services of an upstream share its balancer, and what balancing has learned belongs
 * to the upstream's name and the target's host and port, not to a revision: a reload that keeps them keeps it.
 */
public final class Destinations {

    private final HostResolver resolver;
    private final Kept kept;
    private final Map<String, Upstream> upstreams = new HashMap<>();
    private final Map<UUID, List<Target>> targets = new HashMap<>();
    private final Map<UUID, Balancer> balancers = new HashMap<>();

    private record TurnKey(String upstream) {}

    private record LoadKey(String upstream, String target) {}

    private record BalancerKey(Balancers.Plan plan, List<Balancers.Member> members) {}

    private record Held<T>(T value) implements AutoCloseable {
        @Override
        public void close() {}
    }

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
            return Destination.ofHost(service, resolver);
        }
        List<Target> members = targets.getOrDefault(upstream.id(), List.of());
        Balancer balancer = balancers.computeIfAbsent(upstream.id(), id -> balancer(upstream, members));
        return Destination.ofUpstream(service, upstream, members, balancer, resolver);
    }

    private Balancer balancer(Upstream upstream, List<Target> targets) {
        String name = upstream.name();
        Held<AtomicInteger> turn = kept.use(new TurnKey(name), Destinations::somewhere);
        List<Balancers.Member> members = new ArrayList<>();
        for (Target target : targets) {
            Held<TargetLoad> load = kept.use(new LoadKey(name, target.target()), () -> new Held<>(new TargetLoad()));
            members.add(new Balancers.Member(target.target(), target.weight(), load.value()));
        }
        Balancers.Plan plan = Balancers.Plan.of(upstream);
        Held<Balancer> balancer =
                kept.use(new BalancerKey(plan, members), () -> new Held<>(Balancers.of(plan, members, turn.value())));
        return balancer.value();
    }

    /** Not all nodes begin with the same target. */
    private static Held<AtomicInteger> somewhere() {
        return new Held<>(new AtomicInteger(ThreadLocalRandom.current().nextInt()));
    }
}
