package io.sluice.loadtest;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Period;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What becomes of so many keys in use when their node leaves: three nodes in one JVM, over real Artery on 127.0.0.1, .2 and .3. Prints
 * how long handing over and leaving took, and how much CPU time of all nodes, how many keys the others were told of, and what those own of 60 later: of a key that was
 * not in use, and of one that was.
 */
final class LimitLeave {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final int NODES = 3;
    private static final Limits LIMITS = Limits.of(Map.of(Period.MINUTE, 60L));
    /** After this who inherits what a node left may spend it. */
    private static final Duration NOTICE = Duration.ofSeconds(11);

    /** Members that stay for 20 s, eleven of notice, and a share that grows does so with the next minute. */
    private static final Duration SHARED = Duration.ofMinutes(2);

    private LimitLeave() {}

    /** Of how many keys. */
    public static void main(String[] args) {
        try {
            measure(Integer.parseInt(args[0]));
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1); // the nodes' threads would go on
        }
    }

    private static void measure(int keys) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        List<SampleNode> nodes = new ArrayList<>();
        for (int i = 1; i <= NODES; i++) {
            nodes.add(new SampleNode("127.0.0." + i, port, LIMITS));
        }
        for (SampleNode node : nodes) {
            node.limits.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        SampleNode.awaitShares(nodes, node -> node.other, LIMITS, 8, SHARED);
        SampleNode leaver = nodes.get(NODES - 1);
        int used = 0;
        for (int i = 0; i < keys; i++) {
            used += SampleNode.admits(leaver.one, LIMITS, "client-" + i, 1) ? 1 : 0;
        }
        long begin = System.nanoTime();
        long cpuBefore = PROCESS.getProcessCpuTime();
        leaver.close();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = (PROCESS.getProcessCpuTime() - cpuBefore) / 1e9;
        List<SampleNode> left = nodes.subList(0, NODES - 1);
        TimeUnit.SECONDS.sleep(NOTICE.toSeconds());
        System.out.printf(
                Locale.ROOT,
                "keys=%d used=%d left_after=%.2f cpu=%.2f given=%d rows=%d unused=%d used_key=%d%n",
                keys,
                used,
                seconds,
                cpu,
                leaver.limits.counts().lanes().given(),
                left.get(0).limits.counts().ledgerRows(),
                owned(left, "unused"),
                owned(left, "client-7"));
        left.forEach(SampleNode::close);
    }

    private static long owned(List<SampleNode> nodes, String key) {
        return nodes.stream()
                .mapToLong(node -> node.limits
                        .view(SampleNode.rule(1).id(), key)
                        .orElseThrow()
                        .positions()
                        .get(0)
                        .owned())
                .sum();
    }
}
