package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.health.HealthCluster.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Verdicts while nodes come, go and lose each other. */
class HealthMembersClusterIT {

    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final Duration LONG = HealthCluster.LONG;
    private static final Healthchecks PROBED = HealthSamples.checks(OFTEN, OFTEN);

    @Test
    void anotherNodeProbesWhatALostNodeOwned() throws Exception {
        try (HealthCluster cluster = new HealthCluster(3)) {
            List<TargetAddress> addresses = HealthCluster.addresses("owned", 9);
            cluster.watch("owned", PROBED, addresses);
            TargetAddress address = addresses.get(0);
            Node lost = cluster.owner(address);
            await().atMost(LONG).until(() -> lost.probes(address) > 0);

            cluster.cut(lost);
            cluster.dead.add(address);

            for (Node other : cluster.others(lost)) {
                await().atMost(LONG).until(() -> !other.usable(address));
                assertThat(other.verdict(address).orElseThrow().finder()).isNotEqualTo(lost.id());
            }
        }
    }

    @Test
    void restartedNodeLearnsVerdictsFromTheOthers() throws Exception {
        try (HealthCluster cluster = new HealthCluster(3)) {
            List<TargetAddress> addresses = HealthCluster.addresses("known", 3);
            cluster.watch("known", HealthSamples.passive(), addresses);
            TargetAddress down = addresses.get(1);
            cluster.dead.add(down);
            cluster.nodes.get(0).refused(down, 2);
            cluster.awaitUsable(down, false);

            cluster.nodes.get(2).stop();
            Node restarted = cluster.start(3);
            restarted.watch("known", HealthSamples.passive(), addresses);

            await().atMost(LONG).until(() -> !restarted.usable(down));
            assertThat(restarted.usable(addresses.get(0))).isTrue();
            assertThat(restarted.verdict(down)).isEqualTo(cluster.nodes.get(0).verdict(down));
        }
    }

    @Test
    void cutOffNodeGoesByWhatItSeesAndCondemnsNothingForOthers() throws Exception {
        try (HealthCluster cluster = new HealthCluster(3)) {
            List<TargetAddress> addresses = HealthCluster.addresses("cut", 6);
            cluster.watch("cut", PROBED, addresses);
            Node cut = cluster.nodes.get(2);

            cluster.cut(cut);
            cut.blind = true;

            await().atMost(LONG).until(() -> addresses.stream().noneMatch(cut::usable));
            for (Node other : cluster.others(cut)) {
                assertThat(addresses).allMatch(other::usable);
            }

            cut.blind = false;
            cluster.heal(cut);
            cluster.awaitAll(3);
            await().atMost(LONG).until(() -> addresses.stream().allMatch(cut::usable));
            for (Node other : cluster.others(cut)) {
                assertThat(addresses).allMatch(other::usable);
            }
        }
    }

    @Test
    void cutOffNodeUsesATargetThatItSeesAliveAgain() throws Exception {
        try (HealthCluster cluster = new HealthCluster(3)) {
            List<TargetAddress> addresses = HealthCluster.addresses("back", 1);
            cluster.watch("back", PROBED, addresses);
            TargetAddress address = addresses.get(0);
            cluster.dead.add(address);
            cluster.awaitUsable(address, false);

            cluster.cut(cluster.nodes.get(2));
            cluster.dead.remove(address);

            cluster.awaitUsable(address, true);
        }
    }
}
