package io.sluice.state.limit.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Mode;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.PeerPolicy;
import io.sluice.state.limit.Period;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.Reach;
import io.sluice.state.limit.WindowType;
import io.sluice.state.limit.disk.SpendingStore;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.ClusterNodeSettings;
import io.sluice.state.membership.Peers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limit of 1000 per year, while every node is stopped and started again. */
class ClusterRestartIT {

    private static final Limits LIMITS = Limits.of(Map.of(Period.YEAR, 1_000L));
    private static final LimitRule RULE = new LimitRule(
            new UUID(4, 3), Reach.CLUSTER, WindowType.FIXED, Mode.STRICT, PeerPolicy.SHARE, Duration.ofSeconds(2));

    /** What nodes may have declared and not spent when they stop. */
    private static final int CHUNKS = 40;

    private static final Duration QUIET = Duration.ofSeconds(4);

    @TempDir
    Path home;

    @Test
    void aNodeByItselfGoesOnWhereItStopped() throws Exception {
        int first = aloneAdmits(home, 300);
        int second = aloneAdmits(home, 300);
        int third = aloneAdmits(home, 1_000);

        assertThat(first).isEqualTo(300);
        assertThat(second).isEqualTo(300);
        assertThat(third).isBetween(400 - CHUNKS, 400);
    }

    @Test
    void aNodeWithoutItsDiskBeginsAnew() throws Exception {
        int first = aloneAdmits(home.resolve("one"), 300);
        int second = aloneAdmits(home.resolve("two"), 1_100);

        assertThat(first).isEqualTo(300);
        assertThat(second).isEqualTo(1_000);
    }

    private static int aloneAdmits(Path directory, int requests) throws Exception {
        try (ClusterLimits limits = ClusterLimits.alone(new KeyBudget(100), store(directory))) {
            RateLimiter limiter = limits.open(RULE, LIMITS);
            limits.ready().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(limits.durability().onDisk()).isTrue();
            assertThat(limits.durability().degraded()).isEmpty();
            return admitted(List.of(limiter), requests);
        }
    }

    private static Optional<SpendingStore> store(Path directory) {
        return Optional.of(SpendingStore.open(directory, InstantSource.system()));
    }

    @Test
    void aWholeClusterGoesOnWhereItStoppedWhoeverIsFirst() throws Exception {
        int first = clusterAdmits(400, "1", "2");
        int second = clusterAdmits(300, "2", "1");
        int third = clusterAdmits(1_000, "1", "2");

        assertThat(first).isEqualTo(400);
        assertThat(second).isBetween(250, 300);
        assertThat(first + second + third).isBetween(1_000 - 4 * CHUNKS, 1_000);
    }

    /** How many are admitted by a cluster of two nodes, each with a disk of its own, from its start to its end. */
    private int clusterAdmits(int requests, String founder, String joiner) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        List<ClusterLimits> limits = new ArrayList<>();
        List<ClusterNode> nodes = new ArrayList<>();
        List<RateLimiter> limiters = new ArrayList<>();
        try {
            for (String disk : List.of(founder, joiner)) {
                ClusterLimits one = ClusterLimits.clustered(new KeyBudget(100), store(home.resolve(disk)));
                limits.add(one);
                limiters.add(one.open(RULE, LIMITS));
                ClusterNode node = ClusterNode.start(place(limits.size(), port), one.codecs(), List.of(one::spawn));
                nodes.add(node);
                one.follow(node);
                one.ready().toCompletableFuture().get(40, TimeUnit.SECONDS);
            }
            return admitted(limiters, requests);
        } finally {
            for (ClusterNode node : nodes) {
                node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
            }
            limits.forEach(ClusterLimits::close);
        }
    }

    private static ClusterNodeSettings place(int number, int port) {
        return new ClusterNodeSettings(
                "127.0.0." + number,
                port,
                Optional.empty(),
                new Peers.Seeds(List.of("127.0.0.1:" + port, "127.0.0.2:" + port)),
                true,
                Optional.empty(),
                ConfigFactory.parseString("found-after = 1s"));
    }

    /**
     * Sends in turn, and again what was refused: tokens may be on their way, and a node that has just joined asks for them a
     * little later. Ends when all is admitted, or some time after the last one was: by then whatever is left would have come.
     */
    private static int admitted(List<RateLimiter> limiters, int requests) {
        int admitted = 0;
        long last = System.nanoTime();
        while (admitted < requests && System.nanoTime() - last < QUIET.toNanos()) {
            List<CompletableFuture<Outcome>> asked = new ArrayList<>();
            for (int i = admitted; i < requests; i++) {
                asked.add(ask(limiters.get(i % limiters.size())));
            }
            int before = admitted;
            for (CompletableFuture<Outcome> one : asked) {
                admitted += one.join().admitted() ? 1 : 0;
            }
            last = admitted > before ? System.nanoTime() : last;
        }
        return admitted;
    }

    private static CompletableFuture<Outcome> ask(RateLimiter limiter) {
        Outcome outcome = new Outcome(1);
        limiter.acquire("key", LIMITS, 1, outcome);
        return outcome.pending()
                .map(pending -> pending.toCompletableFuture())
                .orElseGet(() -> CompletableFuture.completedFuture(outcome));
    }
}
