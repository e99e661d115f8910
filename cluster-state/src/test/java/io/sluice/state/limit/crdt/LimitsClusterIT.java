package io.sluice.state.limit.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.PoolMessage;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.limit.crdt.LimitsCluster.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.junit.jupiter.api.Test;

/** A limit of 20 per minute over three nodes. */
class LimitsClusterIT {

    private static final int LIMIT = 20;

    /** For tokens to come to who asks for them; a machine may be busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void limitHoldsOverAllNodesAndAllOfItCanBeHadAnywhere() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(3)) {
            assertThat(cluster.nodes).noneMatch(node -> node.readyTooSoon);
            for (int round = 0; round < 12; round++) {
                cluster.putForward();
                String spread = "spread " + round;
                String burst = "burst " + round;

                assertThat(admittedAtOnce(cluster.nodes, spread, 20))
                        .as(() -> cluster.show(spread))
                        .isEqualTo(LIMIT);
                assertThat(admittedAtOnce(List.of(cluster.nodes.get(round % 3)), burst, 30))
                        .as(() -> cluster.show(burst))
                        .isEqualTo(LIMIT);
                assertThat(cluster.nodes).as(() -> cluster.show(burst)).noneMatch(node -> node.admits(burst));
            }

            for (Node node : cluster.nodes) {
                LimitCounts counts = node.limits.counts();
                assertThat(counts.lanes().admitted()).isPositive();
                assertThat(counts.lanes().given())
                        .as(() -> node.id() + " of " + cluster.show("burst 11"))
                        .isPositive();
                assertThat(counts.heard()).isPositive();
                assertThat(counts.fastReceived()).isPositive();
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> cluster.nodes.stream()
                            .allMatch(node -> node.limits.counts().ledgerRows() > 12));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> cluster.nodes.stream()
                            .allMatch(node -> node.limits.counts().slowSent() > 0));
        }
    }

    /** Sends to all nodes at once, then again what was refused while tokens were on their way, then some too many. */
    private static int admittedAtOnce(List<Node> nodes, String key, int each) {
        return admittedAtOnce(nodes, key, each, LIMIT);
    }

    private static int admittedAtOnce(List<Node> nodes, String key, int each, int expected) {
        List<CompletableFuture<Outcome>> asked = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            nodes.forEach(node -> asked.add(node.ask(key)));
        }
        int admitted = 0;
        for (CompletableFuture<Outcome> outcome : asked) {
            admitted += outcome.join().admitted() ? 1 : 0;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int turn = 0; admitted < expected && System.nanoTime() - end < 0; turn++) {
            admitted += nodes.get(turn % nodes.size()).admitted(key, 1);
        }
        for (Node node : nodes) {
            admitted += node.admitted(key, 5);
        }
        return admitted;
    }

    @Test
    void allOfAnHourIsAdmittedAndNoMoreThoughItIsDeclaredFirst() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(3)) {
            for (int round = 0; round < 5; round++) {
                String key = "round " + round;
                List<CompletableFuture<Outcome>> asked = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    cluster.nodes.forEach(node -> asked.add(node.askHourly(key)));
                }
                long admitted = asked.stream()
                        .filter(outcome -> outcome.join().admitted())
                        .count();
                long end = System.nanoTime() + PATIENCE.toNanos();
                for (int turn = 0; admitted < LIMIT && System.nanoTime() - end < 0; turn++) {
                    Node node = cluster.nodes.get(turn % cluster.nodes.size());
                    admitted += node.askHourly(key).join().admitted() ? 1 : 0;
                }
                for (Node node : cluster.nodes) {
                    for (int i = 0; i < 5; i++) {
                        admitted += node.askHourly(key).join().admitted() ? 1 : 0;
                    }
                }

                assertThat(admitted).as(() -> cluster.show(key)).isEqualTo(LIMIT);
            }
        }
    }

    @Test
    void whatTheFastLaneLosesTheSlowLaneBrings() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(3)) {
            cluster.nodes.forEach(node -> node.loses = PoolMessage.Grant.class::isInstance);
            Node poor = cluster.nodes.stream()
                    .filter(node -> node.owned("key") == 0)
                    .findFirst()
                    .orElseThrow();

            await().atMost(Duration.ofSeconds(15)).until(() -> poor.admits("key") && poor.owned("key") > 0);
            long owned =
                    cluster.nodes.stream().mapToLong(node -> node.owned("key")).sum();
            assertThat(owned).isLessThanOrEqualTo(20);
        }
    }

    @Test
    void nodesThatCannotTalkSpendWhatTheyOwnAndNoMore() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(3)) {
            cluster.nodes.forEach(node -> node.loses = message -> true);

            for (Node node : cluster.nodes) {
                long owned = node.owned("key");
                assertThat(node.admitted("key", (int) owned + 1)).isEqualTo((int) owned);
            }
            assertThat(cluster.nodes.stream().mapToLong(node -> node.owned("key")))
                    .containsExactlyInAnyOrder(10L, 10L, 0L);
        }
    }

    @Test
    void joinerKnowsWhatWasTransferredBeforeItIsReadyAndHasAllOfALimitAtOnce() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(2)) {
            for (int i = 0; i < 30; i++) {
                String key = "old " + i;
                assertThat(admittedAtOnce(List.of(cluster.nodes.get(i % 2)), key, 20))
                        .as(() -> cluster.show(key))
                        .isEqualTo(LIMIT);
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> cluster.nodes.stream()
                            .allMatch(node -> node.limits.counts().ledgerRows() >= 30));

            Node joined = cluster.join();

            assertThat(joined.limits.counts().ledgerRows()).isGreaterThanOrEqualTo(30);
            assertThat(joined.limits.estates().eras()).isNotEmpty();
            assertThat(admittedAtOnce(List.of(joined), "new", 25))
                    .as(() -> cluster.show("new"))
                    .isEqualTo(LIMIT);
        }
    }

    @Test
    void transfersAreForgottenWhenTheyAreOver() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(2, "system.sluice.limits.forget-interval = 500ms")) {
            cluster.nodes.forEach(node -> node.admitted("key", 20));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> cluster.nodes.stream()
                            .allMatch(node -> node.limits.counts().ledgerRows() > 0));

            // Whatever still moves while the clock jumps is over some jumps later.
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                cluster.jump();
                return cluster.nodes.stream()
                        .allMatch(node -> node.limits.counts().ledgerRows() == 0);
            });
        }
    }

    @Test
    void strangersHaveNoSay() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(1)) {
            Node node = cluster.nodes.get(0);
            TransferRow gift = new TransferRow(new UUID(4, 2), 1, 1, Long.MAX_VALUE >> 30, 0, 5, node.id(), 100, 0, 0);

            cluster.tellAsStranger(node, new Batch(0, List.of(new PoolMessage.Grant(gift, 0))));

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> node.limits.counts().dropped() == 1);
            assertThat(node.limits.counts().heard()).isZero();
            assertThat(node.limits.counts().lanes().received()).isZero();
        }
    }

    @Test
    void nodeThatLeavesHandsOverAllItOwns() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(3)) {
            Node leaver = cluster.nodes.stream()
                    .filter(node -> node.owned("key") > 0)
                    .findFirst()
                    .orElseThrow();
            assertThat(leaver.admits("key")).isTrue();

            leaver.node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
            cluster.nodes.remove(leaver);
            cluster.awaitMembers(2);

            assertThat(admittedAtOnce(cluster.nodes, "key", 20, LIMIT - 1))
                    .as(() -> cluster.show("key"))
                    .isEqualTo(LIMIT - 1);
            assertThat(leaver.limits.counts().lanes().given()).isPositive();
            leaver.limits.close();
        }
    }

    @Test
    void nodeThatWasTakenForDeadComesBackAsAnotherAndTheLimitHoldsAllTheTime() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(3)) {
            Node first = cluster.nodes.get(0);
            Node dead = cluster.nodes.get(2);
            long formerId = dead.id();
            int admitted = dead.admitted("key", 3);

            Cluster inFirst = Cluster.get(first.system);
            inFirst.manager()
                    .tell(new Down(Cluster.get(dead.system).selfMember().address()));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> first.node.members().byId(formerId).isEmpty());
            admitted += admittedAtOnce(cluster.nodes, "key", 20, 0);
            assertThat(admitted).isBetween(3, 20);
            cluster.awaitMembers(3);

            assertThat(dead.id()).isNotEqualTo(formerId);
            cluster.putForward();
            assertThat(admittedAtOnce(cluster.nodes, "key", 20))
                    .as(() -> cluster.show("key"))
                    .isEqualTo(LIMIT);
        }
    }
}
