package io.sluice.state.limit.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Mode;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.PeerPolicy;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.Reach;
import io.sluice.state.limit.Turn;
import io.sluice.state.limit.WindowType;
import io.sluice.state.limit.crdt.LimitsCluster.Node;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Twenty requests at a time over real nodes, most of which last for longer than anything else. */
class PlacesClusterIT {

    private static final int LIMIT = 20;
    private static final Limits LIMITS = Limits.concurrent(LIMIT);
    private static final LimitRule RULE = new LimitRule(
            new UUID(4, 4),
            Reach.CLUSTER,
            WindowType.CONCURRENCY,
            Mode.STRICT,
            PeerPolicy.SHARE,
            Duration.ofSeconds(2));

    private final Map<Node, RateLimiter> limiters = new HashMap<>();
    private final Map<Node, Deque<Outcome>> places = new HashMap<>();

    @Test
    void placesAreHeldWhileNodesJoinAndLeaveAndOverMidnight() throws Exception {
        try (LimitsCluster cluster = new LimitsCluster(3)) {
            cluster.nodes.forEach(this::open);
            take(cluster.nodes.get(0), 12);
            take(cluster.nodes.get(1), 5);
            take(cluster.nodes.get(2), 3);
            assertAllTaken(cluster);

            Node joined = cluster.join();
            open(joined);
            cluster.awaitMembers(4);
            cluster.putForward();
            awaitCleared(cluster);
            assertAllTaken(cluster);

            Turn before = joined.limits.estates().cleared();
            cluster.putForward(Duration.ofDays(1));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> cluster.nodes.stream()
                            .allMatch(node -> node.limits.estates().cleared().generation() > before.generation()));
            assertAllTaken(cluster);

            Node leaver = cluster.nodes.get(1);
            giveBack(leaver, 5);
            leaver.node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
            cluster.nodes.remove(leaver);
            cluster.awaitMembers(3);
            take(joined, 5);
            assertAllTaken(cluster);

            giveBack(cluster.nodes.get(0), 12);
            take(joined, 12);
            assertAllTaken(cluster);
            leaver.limits.close();
        }
    }

    private void open(Node node) {
        limiters.put(node, node.limits.open(RULE, LIMITS));
        places.put(node, new ArrayDeque<>());
    }

    private boolean asks(Node node) {
        Outcome outcome = new Outcome(1);
        limiters.get(node).acquire("key", LIMITS, 1, outcome);
        boolean admitted = outcome.pending()
                .orElse(CompletableFuture.completedFuture(outcome))
                .toCompletableFuture()
                .join()
                .admitted();
        if (admitted) {
            places.get(node).add(outcome);
        }
        return admitted;
    }

    /** Tokens may be on their way when a request is refused. */
    private void take(Node node, int count) {
        int most = places.get(node).size() + count;
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> asks(node) && places.get(node).size() == most);
    }

    private void giveBack(Node node, int count) {
        for (int i = 0; i < count; i++) {
            limiters.get(node).release(places.get(node).remove());
        }
    }

    private void assertAllTaken(LimitsCluster cluster) {
        assertThat(cluster.nodes.stream()
                        .mapToInt(node -> places.get(node).size())
                        .sum())
                .isEqualTo(LIMIT);
        for (int i = 0; i < 3; i++) {
            assertThat(cluster.nodes).noneMatch(this::asks);
        }
    }

    private static void awaitCleared(LimitsCluster cluster) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> cluster.nodes.stream().allMatch(node -> {
                    var estates = node.limits.estates();
                    int last = estates.eras().get(estates.eras().size() - 1).number();
                    return last > 0 && estates.cleared().era() == last;
                }));
    }
}
