package io.sluice.state.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.membership.ClusterFixture;
import io.sluice.state.membership.ClusterNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nodes tell each other about what is live, over real Artery. */
class RolloutClusterIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<SharedRollout> all = new ArrayList<>();

    private ClusterNode start(ClusterFixture cluster, int k) throws Exception {
        SharedRollout rollout = new SharedRollout();
        cluster.codecs = SharedRollout.codecs();
        cluster.parts = List.of(rollout::spawn);
        ClusterNode node = cluster.start(k, cluster.address(1), cluster.address(2));
        rollout.follow(node);
        all.add(rollout);
        return node;
    }

    private static boolean knows(SharedRollout rollout, int nodes, String... hashes) {
        return rollout.view().nodes() == nodes
                && rollout.view().live().values().stream().sorted().toList().equals(List.of(hashes));
    }

    @Test
    void allHearWhatIsLiveAndANewNodeHearsItToo() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode first = start(cluster, 1);
            all.get(0).live("a");
            ClusterNode second = start(cluster, 2);
            ClusterFixture.awaitUp(first, 2);
            all.get(1).live("b");
            await().atMost(LONG).until(() -> all.stream().allMatch(one -> knows(one, 2, "a", "b")));

            ClusterNode third = start(cluster, 3);
            ClusterFixture.awaitUp(third, 3);
            await().atMost(LONG).until(() -> all.stream().allMatch(one -> knows(one, 3, "a", "b")));
            all.forEach(one -> one.live("c"));
            await().atMost(LONG).until(() -> all.stream().allMatch(one -> knows(one, 3, "c", "c", "c")));

            cluster.cut(3, 1, 2);
            await().atMost(LONG).until(() -> !third.inContact());
            all.get(2).live("d");
            await().atMost(LONG).until(() -> knows(all.get(0), 2, "c", "c"));
            cluster.heal(3);

            await().atMost(LONG).until(() -> all.stream().allMatch(one -> knows(one, 3, "c", "c", "d")));
            assertThat(second.unreadable()).isZero();
        }
    }
}
