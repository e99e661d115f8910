package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.membership.ClusterFixture;
import io.sluice.state.membership.ClusterNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The slow lane alone, with as many verdicts as never fit into one message. */
class VerdictReplicationIT {

    private static final int MANY = 10_000;
    private static final long NOW = 1_790_000_000_000L;

    private final ClusterFixture cluster = new ClusterFixture();

    private final class Node {
        final Map<TargetAddress, Verdict> known = new ConcurrentHashMap<>();
        final AtomicReference<HealthRun> run = new AtomicReference<>();
        final ClusterNode node;

        Node(int k) throws Exception {
            cluster.codecs = ClusterHealth.codecs();
            cluster.parts = List.of(system -> run.set(HealthRun.start(
                    system,
                    message -> {},
                    verdicts -> verdicts.forEach(verdict -> known.merge(verdict.address(), verdict, Verdict::merge)))));
            node = cluster.start(k, cluster.address(1));
        }

        void awaitAll(long version) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> known.size() == MANY
                            && known.values().stream().allMatch(verdict -> verdict.version() == version));
        }
    }

    private static List<Verdict> verdicts(long version) {
        List<Verdict> all = new ArrayList<>();
        for (TargetAddress address : HealthCluster.addresses("orders.shop.example.svc", MANY)) {
            all.add(new Verdict(address, version, false, Cause.PROBES_REFUSED, 42, NOW, "connection refused"));
        }
        return all;
    }

    @Test
    void tenThousandVerdictsAreOnEveryNodeAlsoOnOneThatComesLater() throws Exception {
        try (cluster) {
            Node first = new Node(1);
            Node second = new Node(2);
            List.of(first, second).forEach(one -> ClusterFixture.awaitUp(one.node, 2));

            first.run.get().replicate(verdicts(NOW));
            second.awaitAll(NOW);
            verdicts(NOW + 60_000).forEach(one -> first.run.get().replicate(List.of(one)));
            Node third = new Node(3);
            second.awaitAll(NOW + 60_000);
            third.awaitAll(NOW + 60_000);

            assertThat(first.known).isEqualTo(third.known);
        }
    }
}
