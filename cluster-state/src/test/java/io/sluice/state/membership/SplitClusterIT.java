package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.membership.Member.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes that cannot reach each other: who goes on, who knows that it must not, and how all come together again. */
class SplitClusterIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void cutOffNodeLosesContactLongBeforeItIsRemovedAndJoinsAgainByItself() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            List<ClusterNode> nodes = cluster.form(3);
            ClusterNode lost = nodes.get(2);
            long before = lost.members().self().id();

            long cut = System.nanoTime();
            cluster.cut(3, 1, 2);
            await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> !lost.inContact());
            Duration untilOutOfContact = since(cut);
            boolean wasStillMember = nodes.get(0).members().byId(before).isPresent()
                    && nodes.get(1).members().byId(before).isPresent();
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> nodes.get(0).members().all().size() == 2);
            Duration untilRemoved = since(cut);
            await().atMost(LONG).until(() -> lost.members().self().status() == Status.OUT);

            assertThat(untilOutOfContact).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
            assertThat(wasStillMember).isTrue();
            assertThat(untilRemoved).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(14));
            assertThat(nodes.get(0).inContact()).isTrue();
            assertThat(nodes.get(1).inContact()).isTrue();

            cluster.heal(3);

            nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
            assertThat(lost.members().self().id()).isNotEqualTo(before);
        }
    }

    @Test
    void splitShorterThanTheFailureDetectorTakesIsForgiven() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            List<ClusterNode> nodes = cluster.form(3);
            long before = nodes.get(2).members().self().id();

            cluster.cut(3, 1, 2);
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> !nodes.get(2).inContact());
            cluster.heal(3);

            nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
            assertThat(nodes.get(2).members().self().id()).isEqualTo(before);
        }
    }

    @Test
    void nodesThatAllLostEachOtherFormOneClusterAgain() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            List<ClusterNode> nodes = cluster.form(3);

            cluster.cut(1, 2, 3);
            cluster.cut(2, 1, 3);
            cluster.cut(3, 1, 2);
            await().atMost(LONG)
                    .until(() -> nodes.stream()
                            .allMatch(node -> node.members().self().status() == Status.OUT));
            assertThat(nodes).noneMatch(Membership::inContact);
            cluster.heal(1);
            cluster.heal(2);
            cluster.heal(3);

            await().atMost(LONG).until(() -> nodes.stream().allMatch(node -> ClusterFixture.isUp(node, 3)));
        }
    }

    @Test
    void clustersStartedApartStayApartAndSayWhoIsWhere() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture();
                CapturedLog log = new CapturedLog(MembersKeeper.class)) {
            ClusterNode one = cluster.start(1, cluster.address(1), cluster.address(2));
            cluster.cut(1, 2);
            ClusterNode two = cluster.start(2, cluster.address(2), cluster.address(1));
            ClusterFixture.awaitUp(one, 1);
            ClusterFixture.awaitUp(two, 1);

            cluster.heal(1);

            await().atMost(LONG).until(() -> warnings(log).size() == 2);
            assertThat(warnings(log))
                    .allSatisfy(line ->
                            assertThat(line).contains(cluster.address(1), cluster.address(2), "ours", "theirs"));
            assertThat(one.members().all()).hasSize(1);
            assertThat(two.members().all()).hasSize(1);
        }
    }

    private static List<String> warnings(CapturedLog log) {
        return log.lines.stream()
                .filter(line -> line.startsWith("a node that should be in this cluster is in another one"))
                .toList();
    }

    private static Duration since(long nano) {
        return Duration.ofNanos(System.nanoTime() - nano);
    }
}
