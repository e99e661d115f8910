package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sends requests at a fixed rate whatever the answers' pace, and takes each latency from the moment the request was due, not
 * from when a connection was free for it. So a server that stalls is charged for every request it kept waiting.
 *
 * <p>One thread for all connections, and for the {@link LocalUpstream} if there is one. It looks for answers every few tens
 * of microseconds rather than blocking in select, whose timeout knows only milliseconds; that is the floor of what it can
 * tell apart.
 */
final class FixedRateClient implements AutoCloseable {
    private static final long PAUSE_NANOS = 10_000;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Selector selector;
    private final LongSupplier nanoClock;
    private final List<KeptConnection> connections = new ArrayList<>();
    private final ArrayDeque<KeptConnection> idle = new ArrayDeque<>();
    private final Consumer<SelectionKey> onReady = FixedRateClient::ready;
    private LatencyReport report = new LatencyReport(0);

    private FixedRateClient(Selector selector, LongSupplier nanoClock) {
        this.selector = selector;
        this.nanoClock = nanoClock;
    }

    /** A client with an upstream of its own behind the proxy, both on the thread that calls {@link #run}. */
    static FixedRateClient withUpstream(Target target, int connections, int upstreamPort) throws IOException {
        var client = new FixedRateClient(Selector.open(), System::nanoTime);
        new LocalUpstream(client.selector, upstreamPort);
        client.connect(target, connections);
        return client;
    }

    static FixedRateClient of(Target target, int connections) throws IOException {
        return of(target, connections, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime} */
    static FixedRateClient of(Target target, int connections, LongSupplier nanoClock) throws IOException {
        var client = new FixedRateClient(Selector.open(), nanoClock);
        client.connect(target, connections);
        return client;
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 6) {
            throw new IllegalArgumentException(
                    "usage: FixedRateClient URL RATE SECONDS WARMUP_SECONDS CONNECTIONS OWN_UPSTREAM_PORT [HEADER...]");
        }
        var target = Target.of(args[0], List.of(args).subList(6, args.length));
        double rate = Double.parseDouble(args[1]);
        try (var client = withUpstream(target, Integer.parseInt(args[4]), Integer.parseInt(args[5]))) {
            client.run(rate, Double.parseDouble(args[3]));
            System.out.println(client.run(rate, Double.parseDouble(args[2])));
        }
    }

    private void connect(Target target, int count) throws IOException {
        if (target.tls()) {
            throw new IllegalArgumentException("https (expected: http, this client speaks no TLS)");
        }
        var request = target.head("GET").getBytes(ISO_8859_1);
        for (int i = 0; i < count; i++) {
            var connection = new KeptConnection(selector, target.address(), request, this::answered);
            connections.add(connection);
            idle.add(connection);
        }
    }

    /**
     * One run; blocks until its last answer, or until five seconds after its last request was due.
     *
     * @param rate requests per second
     */
    LatencyReport run(double rate, double seconds) throws IOException {
        int total = (int) (rate * seconds);
        report = new LatencyReport(total);
        long start = nanoClock.getAsLong();
        long end = start + (long) (seconds * 1e9);
        int sent = 0;
        long now = start;
        while (!report.isComplete() && now < end + GRACE_NANOS) {
            boolean busy = false;
            long due = start + (long) (sent * 1e9 / rate);
            while (sent < total && due <= now && !idle.isEmpty()) {
                send(idle.remove(), due);
                sent++;
                due = start + (long) (sent * 1e9 / rate);
                busy = true;
            }
            busy |= selector.selectNow(onReady) > 0;
            if (!busy) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            now = nanoClock.getAsLong();
        }
        report.finish(
                connections.stream().mapToInt(KeptConnection::takeReopened).sum());
        return report;
    }

    /** Ends the connections and the upstream. */
    @Override
    public void close() throws IOException {
        for (var key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void send(KeptConnection connection, long due) throws IOException {
        connection.send(due);
        report.sent(nanoClock.getAsLong() - due);
    }

    private void answered(KeptConnection connection) {
        report.answered(nanoClock.getAsLong() - connection.due(), connection.isOk());
        idle.add(connection);
    }

    private static void ready(SelectionKey key) {
        try {
            if (key.isValid() && key.attachment() instanceof ReadyChannel channel) {
                channel.ready();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
