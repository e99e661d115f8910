package io.sluice.loadtest;

import com.typesafe.config.ConfigFactory;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Mode;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.PeerPolicy;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.Reach;
import io.sluice.state.limit.WindowType;
import io.sluice.state.limit.crdt.ClusterLimits;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.ClusterNodeSettings;
import io.sluice.state.membership.Peers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One of several nodes in this JVM, over real Artery, with two rules of the same limits. */
final class SampleNode implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final ClusterLimits limits = ClusterLimits.clustered(new KeyBudget(KeyBudget.DEFAULT), Optional.empty());
    final RateLimiter one;
    final RateLimiter other;
    private final ClusterNode node;

    /** Finds the others at 127.0.0.1 and 127.0.0.2. */
    SampleNode(String host, int port, Limits both) throws Exception {
        one = limits.open(rule(1), both);
        other = limits.open(rule(2), both);
        node = ClusterNode.start(
                new ClusterNodeSettings(
                        host,
                        port,
                        Optional.empty(),
                        new Peers.Seeds(List.of("127.0.0.1:" + port, "127.0.0.2:" + port)),
                        true,
                        Optional.empty(),
                        ConfigFactory.parseString("found-after = 1s")),
                limits.codecs(),
                List.of(limits::spawn));
        limits.follow(node);
    }

    static LimitRule rule(long id) {
        return new LimitRule(
                new UUID(3, id),
                Reach.CLUSTER,
                WindowType.FIXED,
                Mode.STRICT,
                PeerPolicy.SHARE,
                LimitRule.DEFAULT_PARK);
    }

    /** Whether one of its limiters admits a request without asking another node. */
    static boolean admits(RateLimiter limiter, Limits limits, String key, long cost) {
        Outcome outcome = new Outcome(limits.size());
        limiter.acquire(key, limits, cost, outcome);
        return outcome.pending().isEmpty() && outcome.admitted();
    }

    /**
     * Waits until every node spends its share of a key that nobody used.
     *
     * @param limiter of each node, with these limits
     * @param cost no more than a share
     * @throws IllegalStateException if that takes too long
     */
    static void awaitShares(
            List<SampleNode> nodes,
            Function<SampleNode, RateLimiter> limiter,
            Limits limits,
            long cost,
            Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (int i = 0; ; i++) {
            String key = "probe-" + i;
            if (nodes.stream().allMatch(node -> admits(limiter.apply(node), limits, key, cost))) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not all nodes have shares after " + patience + " (expected: all)");
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** Hands over and leaves. */
    @Override
    public void close() {
        node.stop()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        limits.close();
    }
}
