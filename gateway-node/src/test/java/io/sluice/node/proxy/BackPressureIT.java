package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A side that does not read stops the other side; what is under way stays in the sockets, not in the gateway's memory. */
class BackPressureIT {

    private static final int PIECE = 64 * 1024;
    private static final long TOTAL = 200L * 1024 * 1024;

    /** More than the system's buffers of both sockets hold, far less than the body. */
    private static final long UNDER_WAY = TOTAL / 2;

    private static final long HEAP_GROWTH = 16L * 1024 * 1024;

    private static byte[] piece(boolean chunked) {
        byte[] piece = new byte[PIECE];
        if (chunked) {
            byte[] size = "fff8\r\n".getBytes();
            System.arraycopy(size, 0, piece, 0, size.length);
            piece[PIECE - 2] = '\r';
            piece[PIECE - 1] = '\n';
        }
        return piece;
    }

    private static String framing(boolean chunked) {
        return chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: " + TOTAL + "\r\n\r\n";
    }

    /** Sends the body; "0 CR LF CR LF" behind it is left out. */
    private static void pour(Socket to, boolean chunked, AtomicLong sent) throws IOException {
        byte[] piece = piece(chunked);
        while (sent.get() < TOTAL) {
            to.getOutputStream().write(piece);
            sent.addAndGet(PIECE);
        }
    }

    private static void awaitStandstill(AtomicLong sent) {
        long[] seen = {-1};
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    long now = sent.get();
                    boolean still = now > 0 && now == seen[0];
                    seen[0] = now;
                    return still;
                });
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void takeAll(Socket from) throws IOException {
        byte[] buffer = new byte[PIECE];
        for (long left = TOTAL; left > 0; ) {
            int n = from.getInputStream().read(buffer, 0, (int) Math.min(left, PIECE));
            assertThat(n).isPositive();
            left -= n;
        }
    }

    @ParameterizedTest(name = "chunked: {0}")
    @ValueSource(booleans = {false, true})
    void aClientThatDoesNotReadStopsTheUpstream(boolean chunked) throws Exception {
        AtomicLong sent = new AtomicLong();
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\n" + framing(chunked));
                    pour(peer.socket(), chunked, sent);
                    peer.read();
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            long before = usedHeap();
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
            awaitStandstill(sent);

            assertThat(sent.get()).isLessThan(UNDER_WAY);
            assertThat(usedHeap() - before).isLessThan(HEAP_GROWTH);

            takeAll(client.socket());
            assertThat(sent).hasValue(TOTAL);
        }
    }

    @ParameterizedTest(name = "chunked: {0}")
    @ValueSource(booleans = {false, true})
    void anUpstreamThatDoesNotReadStopsTheClient(boolean chunked) throws Exception {
        AtomicLong sent = new AtomicLong();
        var mayRead = new CountDownLatch(1);
        var taken = new CompletableFuture<Void>();
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    try {
                        mayRead.await();
                        takeAll(peer.socket());
                        taken.complete(null);
                    } catch (InterruptedException | AssertionError e) {
                        taken.completeExceptionally(e);
                    }
                    peer.read();
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            long before = usedHeap();
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing(chunked));
            Thread sender = new Thread(() -> {
                try {
                    pour(client.socket(), chunked, sent);
                } catch (IOException e) {
                    taken.completeExceptionally(e);
                }
            });
            sender.start();
            awaitStandstill(sent);

            assertThat(sent.get()).isLessThan(UNDER_WAY);
            assertThat(usedHeap() - before).isLessThan(HEAP_GROWTH);

            mayRead.countDown();
            taken.get(20, TimeUnit.SECONDS);
            sender.join();
        }
    }
}
