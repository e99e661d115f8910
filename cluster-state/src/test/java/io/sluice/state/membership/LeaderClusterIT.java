package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.membership.Member.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Who acts for the whole cluster: always at most one, and soon another one when it is gone. */
class LeaderClusterIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void theOldestLeadsAndTheNextOneFollowsWhenItLeaves() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode first = cluster.start(1, cluster.address(1));
            await().atMost(LONG).until(first::leads);
            ClusterNode second = cluster.start(2, cluster.address(1));
            ClusterFixture.awaitUp(second, 2);
            ClusterNode third = cluster.start(3, cluster.address(1));
            ClusterFixture.awaitUp(third, 3);
            List<ClusterNode> nodes = List.of(first, second, third);
            await().atMost(LONG)
                    .until(() -> nodes.stream()
                            .allMatch(node -> node.members().leader()
                                    == first.members().self().id()));

            try (Watcher watcher = new Watcher(nodes)) {
                first.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
                await().atMost(LONG).until(second::leads);
                ClusterNode again = cluster.start(1, cluster.address(1), cluster.address(2));
                ClusterFixture.awaitUp(again, 3);

                assertThat(List.of(first.leads(), second.leads(), third.leads(), again.leads()))
                        .containsExactly(false, true, false, false);
                assertThat(watcher.seen).isNotEmpty().allMatch(leaders -> leaders <= 1);
            }
        }
    }

    @Test
    void aKilledLeaderIsFollowedByAnother() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture();
                NodeProcess first =
                        new NodeProcess("127.0.0.1", cluster.port, cluster.address(1), cluster.address(2))) {
            await().atMost(LONG).until(() -> !first.said.isEmpty());
            ClusterNode second = cluster.start(2, cluster.address(1), cluster.address(2));
            ClusterFixture.awaitUp(second, 2);
            ClusterNode third = cluster.start(3, cluster.address(1), cluster.address(2));
            ClusterFixture.awaitUp(third, 3);
            await().atMost(LONG).until(() -> third.members().leader() != 0);
            assertThat(second.leads() || third.leads()).isFalse();

            first.signal("KILL");

            await().atMost(LONG).until(second::leads);
            assertThat(third.leads()).isFalse();
        }
    }

    @Test
    void whoIsCutOffWithTheMinorityDoesNotLeadAndTheMajorityHasALeaderOfItsOwn() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode first = cluster.start(1, cluster.address(1), cluster.address(2));
            ClusterFixture.awaitUp(first, 1);
            ClusterNode second = cluster.start(2, cluster.address(1), cluster.address(2));
            ClusterNode third = cluster.start(3, cluster.address(1), cluster.address(2));
            List<ClusterNode> nodes = List.of(first, second, third);
            nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
            await().atMost(LONG).until(first::leads);

            try (Watcher watcher = new Watcher(nodes)) {
                cluster.cut(1, 2, 3);
                await().atMost(LONG).until(() -> second.leads() || third.leads());
                assertThat(first.leads()).isFalse();
                await().atMost(LONG).until(() -> first.members().self().status() == Status.OUT);
                cluster.heal(1);
                nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));

                assertThat(first.leads()).isFalse();
                assertThat(watcher.seen).isNotEmpty().allMatch(leaders -> leaders <= 1);
            }
        }
    }

    @Test
    void aNodeByItselfLeads() {
        assertThat(Membership.alone().leads()).isTrue();
    }

    /** Counts leaders all the time, and leaves most of it to the nodes. */
    private static final class Watcher implements AutoCloseable {

        private static final long BETWEEN_NANOS = 100_000;

        final List<Long> seen = new CopyOnWriteArrayList<>();
        private volatile boolean over;

        Watcher(List<ClusterNode> nodes) {
            List<ClusterNode> all = new ArrayList<>(nodes);
            Thread thread = new Thread(() -> {
                while (!over) {
                    // Who leads before and after all were looked at leads together with the others: one that stopped
                    // meanwhile does not count.
                    List<ClusterNode> leading =
                            all.stream().filter(Membership::leads).toList();
                    long leaders = leading.stream().filter(Membership::leads).count();
                    if (seen.isEmpty() || seen.get(seen.size() - 1) != leaders) {
                        seen.add(leaders);
                    }
                    LockSupport.parkNanos(BETWEEN_NANOS);
                }
            });
            thread.start();
        }

        @Override
        public void close() {
            over = true;
        }
    }
}
