package io.sluice.node.boot;

import io.sluice.node.config.Revision;
import io.sluice.node.observe.HealthEvents;
import io.sluice.node.observe.TargetHealth;
import io.sluice.node.settings.ClusterSettings.Discovery;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.tls.UpstreamTrust;
import io.sluice.node.upstream.UpstreamHealth;
import io.sluice.node.upstream.UpstreamView;
import io.sluice.node.upstream.probe.ProbeTls;
import io.sluice.node.upstream.probe.SocketProber;
import io.sluice.state.health.ClusterHealth;
import io.sluice.state.health.Prober;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The health of upstreams on this node: its probes, its part in what the cluster finds, and what is told of it.
 *
 * @param shared what all nodes agree on
 * @param upstreams what requests and the Admin API go by
 */
record NodeHealth(ClusterHealth shared, UpstreamHealth upstreams, HealthEvents events) {

    /** Begins with nothing to look after. */
    static NodeHealth start(NodeSettings settings, UpstreamTrust trust, ActorSystem<?> system) {
        ProbeTls tls = ProbeTls.of(trust, NodeHealth::run);
        Prober prober = new SocketProber(system.classicSystem(), tls);
        ClusterHealth shared = settings.cluster().discovery() == Discovery.NONE
                ? ClusterHealth.alone(prober, system)
                : ClusterHealth.clustered(prober, system);
        HealthEvents events = new HealthEvents();
        Runnable unused = shared.subscribe(events);
        return new NodeHealth(shared, new UpstreamHealth(shared), events);
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "sluice-authorities");
        thread.setDaemon(true);
        thread.start();
    }

    /** Looks after the upstreams of this revision from now on. */
    void follow(Revision revision) {
        upstreams.follow(revision.upstreams());
        events.keepOnly(targets(revision.config()));
    }

    private static Map<String, Set<String>> targets(GatewayConfig config) {
        Map<UUID, Set<String>> targets = config.targets().stream()
                .collect(Collectors.groupingBy(
                        Target::upstream, Collectors.mapping(Target::target, Collectors.toSet())));
        Map<String, Set<String>> named = new HashMap<>();
        config.upstreams()
                .forEach(upstream -> named.put(upstream.name(), targets.getOrDefault(upstream.id(), Set.of())));
        return named;
    }

    /** How each address fares, for the metrics. */
    List<TargetHealth> targets() {
        List<TargetHealth> all = new ArrayList<>();
        for (UpstreamView upstream : upstreams.views()) {
            for (UpstreamView.Target target : upstream.targets()) {
                if (target.addresses().isEmpty()) {
                    all.add(new TargetHealth(upstream.name(), target.target(), "", TargetHealth.State.DNS_ERROR));
                }
                target.addresses()
                        .forEach(address -> all.add(new TargetHealth(
                                upstream.name(),
                                target.target(),
                                address.endpoint(),
                                TargetHealth.State.valueOf(upstream.word(address)))));
            }
        }
        return all;
    }
}
