package io.sluice.loadtest;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Period;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.crdt.LimitCounts;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * What it costs three nodes in one JVM, over real Artery on 127.0.0.1, .2 and .3, that so many keys move: each key is used once
 * a minute, every time at another node and for more than that node owns. Before, the same keys stay below half of what the nodes
 * own. Prints a line of {@code key=value} for nothing, keys that stay, and keys that move.
 */
final class LimitReplication {
    private static final int NODES = 3;
    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Limits LIMITS = Limits.of(Map.of(Period.SECOND, 60L));
    /** Of the 20 that each node owns at first. */
    private static final long LITTLE = 8;

    private static final long MUCH = 15;

    private final int keys;
    private final List<SampleNode> nodes = new ArrayList<>();
    private long used;
    private long refused;

    private LimitReplication(int keys) throws Exception {
        this.keys = keys;
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        for (int i = 1; i <= NODES; i++) {
            nodes.add(new SampleNode("127.0.0." + i, port, LIMITS));
        }
        for (SampleNode node : nodes) {
            node.limits.ready().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Of how many keys. */
    public static void main(String[] args) throws Exception {
        var replication = new LimitReplication(Integer.parseInt(args[0]));
        SampleNode.awaitShares(replication.nodes, node -> node.one, LIMITS, LITTLE, PATIENCE);
        replication.measure("nothing", Duration.ofSeconds(10), () -> {});
        replication.measure("staying", Duration.ofSeconds(20), replication::stay);
        replication.drive(ROUND, replication::move);
        replication.measure("moving", Duration.ofSeconds(30), replication::move);
        replication.close();
        System.exit(0);
    }

    private void stay() {
        take(nodes.get((int) (used % NODES)).one, LITTLE);
        used++;
    }

    private void move() {
        // The round's number is in it, so that the same key comes to another node in the next.
        RateLimiter limiter = nodes.get((int) ((used % keys + used / keys) % NODES)).other;
        take(limiter, MUCH);
        take(limiter, MUCH);
        used++;
    }

    private void take(RateLimiter limiter, long cost) {
        if (!SampleNode.admits(limiter, LIMITS, "client-" + used % keys, cost)) {
            refused++;
        }
    }

    /** Uses keys at the pace that makes a round of all of them. */
    private void drive(Duration length, Runnable use) {
        long begin = System.nanoTime();
        long done = 0;
        for (long at = 0; at < length.toNanos(); at = System.nanoTime() - begin) {
            long due = (long) ((double) at / ROUND.toNanos() * keys);
            for (; done < due; done++) {
                use.run();
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    private void measure(String what, Duration length, Runnable use) {
        refused = 0;
        Figures before = new Figures(nodes);
        drive(length, use);
        Figures after = new Figures(nodes);
        double seconds = (after.nanos - before.nanos) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "keys=%d load=%s waited=%.0f transfers=%.0f messages=%.0f fast=%.0f slow=%.0f rows=%d cpu=%.1f heap=%d%n",
                keys,
                what,
                refused / seconds,
                (after.given - before.given) / seconds,
                (after.sent - before.sent) / seconds,
                (after.fast - before.fast) / seconds / NODES,
                (after.slow - before.slow) / seconds / NODES,
                nodes.get(0).limits.counts().ledgerRows(),
                (after.cpu - before.cpu) / 1e7 / seconds,
                after.heap / 1_000_000);
    }

    /** Sums over all nodes so far; the CPU time is the process's without this thread's. */
    private static final class Figures {
        private final long nanos = System.nanoTime();
        private final long given;
        private final long sent;
        private final long fast;
        private final long slow;
        private final long cpu;
        private final long heap;

        Figures(List<SampleNode> nodes) {
            given = sum(nodes, counts -> counts.lanes().given());
            sent = sum(nodes, counts -> counts.lanes().sent());
            fast = sum(nodes, LimitCounts::fastSent);
            slow = sum(nodes, LimitCounts::slowReceived);
            cpu = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                            .getProcessCpuTime()
                    - ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }

        private static long sum(List<SampleNode> nodes, ToLongFunction<LimitCounts> figure) {
            return nodes.stream()
                    .mapToLong(node -> figure.applyAsLong(node.limits.counts()))
                    .sum();
        }
    }

    private void close() {
        nodes.forEach(SampleNode::close);
    }
}
