package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests at a fixed rate whatever the answers' pace, and takes each latency from the moment the request was due, not
 * from when a connection was free for it. So a server that stalls is charged for every request it kept waiting.
 *
 * <p>One thread for all connections. It looks for answers every few tens of microseconds rather than blocking in select,
 * whose timeout knows only milliseconds; that resolution is the floor of what it can tell apart.
 */
final class FixedRateClient {
    private static final long PAUSE_NANOS = 20_000;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Selector selector;
    private final List<KeptConnection> connections = new ArrayList<>();
    private final ArrayDeque<KeptConnection> idle = new ArrayDeque<>();

    FixedRateClient(Target target, int count) throws IOException {
        selector = Selector.open();
        var request = target.head("GET").getBytes(ISO_8859_1);
        for (int i = 0; i < count; i++) {
            var connection = new KeptConnection(selector, target.address(), request);
            connections.add(connection);
            idle.add(connection);
        }
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 5) {
            throw new IllegalArgumentException(
                    "usage: FixedRateClient URL RATE SECONDS WARMUP_SECONDS CONNECTIONS [HEADER...]");
        }
        var target = Target.of(args[0], List.of(args).subList(5, args.length));
        double rate = Double.parseDouble(args[1]);
        var client = new FixedRateClient(target, Integer.parseInt(args[4]));
        client.run(rate, Double.parseDouble(args[3]));
        System.out.println(client.run(rate, Double.parseDouble(args[2])));
    }

    /**
     * One run; blocks until its last answer, or until five seconds after its last request was due.
     *
     * @param rate requests per second
     */
    LatencyReport run(double rate, double seconds) throws IOException {
        int total = (int) (rate * seconds);
        var report = new LatencyReport(total);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        int sent = 0;
        long now = start;
        while (!report.isComplete() && now < end + GRACE_NANOS) {
            boolean busy = false;
            long due = start + (long) (sent * 1e9 / rate);
            while (sent < total && due <= now && !idle.isEmpty()) {
                send(idle.remove(), due, report);
                sent++;
                due = start + (long) (sent * 1e9 / rate);
                busy = true;
            }
            busy |= receive(report);
            if (!busy) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            now = System.nanoTime();
        }
        report.finish(
                connections.stream().mapToInt(KeptConnection::takeReopened).sum());
        return report;
    }

    private static void send(KeptConnection connection, long due, LatencyReport report) throws IOException {
        connection.send(due);
        report.sent(System.nanoTime() - due);
    }

    /** Whether anything came. */
    private boolean receive(LatencyReport report) throws IOException {
        if (selector.selectNow() == 0) {
            return false;
        }
        for (var key : selector.selectedKeys()) {
            var connection = (KeptConnection) key.attachment();
            if (key.isValid() && connection.receive()) {
                report.answered(System.nanoTime() - connection.due(), connection.isOk());
                idle.add(connection);
            }
        }
        selector.selectedKeys().clear();
        return true;
    }
}
