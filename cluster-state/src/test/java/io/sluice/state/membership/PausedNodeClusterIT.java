package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node whose process stands still, and one that is killed. */
class PausedNodeClusterIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(4_500);

    @Test
    void pausedNodeKnowsAtOnceThatItIsOutOfContactAndStaysAMemberWhileAKilledOneIsRemoved() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            List<ClusterNode> nodes = cluster.form(2);
            try (NodeProcess third =
                    new NodeProcess("127.0.0.3", cluster.port, cluster.address(1), cluster.address(2))) {
                nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
                await().atMost(LONG).until(() -> third.said.size() == 1);

                third.signal("STOP");
                long stopped = System.nanoTime();
                await().atMost(LONG).until(() -> System.nanoTime() - stopped > PAUSE.toNanos());
                third.signal("CONT");
                await().atMost(LONG).until(() -> third.said.size() == 3);

                assertThat(third.said.get(0)).startsWith("true ");
                assertThat(third.said.get(1)).isEqualTo(third.said.get(0).replace("true", "false"));
                assertThat(third.said.get(2)).isEqualTo(third.said.get(0));
                nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));

                long killed = System.nanoTime();
                third.signal("KILL");
                nodes.forEach(node -> ClusterFixture.awaitUp(node, 2));

                assertThat(Duration.ofNanos(System.nanoTime() - killed))
                        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(14));
            }
        }
    }
}
