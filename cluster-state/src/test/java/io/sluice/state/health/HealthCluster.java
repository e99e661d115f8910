package io.sluice.state.health;

import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.sluice.state.membership.ClusterFixture;
import io.sluice.state.membership.ClusterNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Nodes that watch targets, over real Artery; whether targets are alive is said here. */
final class HealthCluster implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(60);

    /** Targets that nobody can reach. */
    final Set<TargetAddress> dead = ConcurrentHashMap.newKeySet();

    final List<Node> nodes = new ArrayList<>();
    private final ClusterFixture cluster = new ClusterFixture();

    HealthCluster(int size) throws Exception {
        for (int k = 1; k <= size; k++) {
            start(k);
        }
        awaitAll(size);
    }

    Node start(int k) throws Exception {
        Node node = new Node(k);
        nodes.add(node);
        return node;
    }

    void awaitAll(int size) {
        nodes.forEach(one -> ClusterFixture.awaitUp(one.node, size));
    }

    static List<TargetAddress> addresses(String upstream, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TargetAddress(upstream, "t" + i + ":80", "10.1." + i / 256 + "." + i % 256, 80))
                .toList();
    }

    void watch(String upstream, Healthchecks checks, List<TargetAddress> addresses) {
        nodes.forEach(node -> node.watch(upstream, checks, addresses));
    }

    void cut(Node node) {
        Integer[] others =
                nodes.stream().filter(one -> one != node).map(one -> one.k).toArray(Integer[]::new);
        cluster.cut(node.k, others);
    }

    void heal(Node node) {
        cluster.heal(node.k);
    }

    /** The node that probes it, once all agree who that is. */
    Node owner(TargetAddress address) {
        List<Long> ids = nodes.stream().map(Node::id).sorted().toList();
        long owner = Owners.of(address, ids.stream().mapToLong(Long::longValue).toArray())
                .owner();
        return nodes.stream().filter(node -> node.id() == owner).findFirst().orElseThrow();
    }

    List<Node> others(Node node) {
        return nodes.stream().filter(one -> one != node).toList();
    }

    void awaitUsable(TargetAddress address, boolean usable) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> nodes.stream().allMatch(node -> node.usable(address) == usable));
    }

    final class Node implements Prober {
        final int k;
        final ClusterHealth health;
        final ClusterNode node;
        final ActorSystem<Void> own;
        final List<HealthChange> changes = new CopyOnWriteArrayList<>();
        final Map<TargetAddress, AtomicInteger> probes = new ConcurrentHashMap<>();
        /** Whether it reaches nothing at all. */
        volatile boolean blind;

        Node(int k) throws Exception {
            this.k = k;
            own = ActorSystem.create(Behaviors.empty(), "node-" + k, ConfigFactory.load());
            health = ClusterHealth.clustered(this, own);
            health.subscribe(changes::add);
            cluster.codecs = ClusterHealth.codecs();
            cluster.parts = List.of(health::spawn);
            node = cluster.start(k, cluster.address(1), cluster.address(2));
            health.follow(node);
        }

        @Override
        public CompletionStage<ProbeResult> probe(
                TargetAddress address, Healthchecks.Active how, Optional<String> hostHeader) {
            probes.computeIfAbsent(address, fresh -> new AtomicInteger()).incrementAndGet();
            return CompletableFuture.completedFuture(
                    blind || dead.contains(address)
                            ? new ProbeResult.Refused("connection refused")
                            : new ProbeResult.Answered(200));
        }

        int probes(TargetAddress address) {
            AtomicInteger count = probes.get(address);
            return count == null ? 0 : count.get();
        }

        void watch(String upstream, Healthchecks checks, List<TargetAddress> addresses) {
            health.watch(new WatchedUpstream(upstream, checks, Optional.empty(), addresses));
        }

        TargetHealth of(TargetAddress address) {
            return health.of(address);
        }

        boolean usable(TargetAddress address) {
            return health.of(address).usable();
        }

        /** What it knows of what holds for all. */
        Optional<Verdict> verdict(TargetAddress address) {
            return health.verdict(address);
        }

        void refused(TargetAddress address, int times) {
            for (int i = 0; i < times; i++) {
                of(address).failed(Failure.TCP);
            }
        }

        void answered(TargetAddress address, int status, int times) {
            for (int i = 0; i < times; i++) {
                of(address).responded(status);
            }
        }

        long id() {
            return node.members().self().id();
        }

        boolean hasChange(TargetAddress address, boolean usable, boolean shared) {
            return changes.stream()
                    .anyMatch(change ->
                            change.address().equals(address) && change.usable() == usable && change.shared() == shared);
        }

        /** Stops at once or leaves; its place is free then. */
        void stop() {
            node.stop().toCompletableFuture().join();
            own.terminate();
            nodes.remove(this);
        }
    }

    @Override
    public void close() {
        cluster.close();
        nodes.forEach(node -> node.own.terminate());
    }
}
