package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TlsRules;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is thrown at a TLS listener costs a connection for a bounded time and nothing else (hostile-input, section 10). */
class HostileTlsIT {

    private static final int HANDSHAKE_MILLIS = 700;
    private static final int BODY = 40 * 1024 * 1024;

    private static RawUpstream upstream;
    private static TestGateway gateway;
    private static InetSocketAddress address;

    @BeforeAll
    static void start() {
        upstream = RawUpstream.start(peer -> {
            for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                int length = head.startsWith("GET /large") ? BODY : 2;
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                byte[] piece = new byte[Math.min(length, 64 * 1024)];
                for (int sent = 0; sent < length; sent += piece.length) {
                    peer.write(piece);
                }
            }
        });
        gateway = TestGateway.start(
                Configs.to(upstream.port()), ClientRules.heads(Duration.ofMillis(HANDSHAKE_MILLIS)), List.of());
        address = gateway.listenTls(
                TlsRules.DEFAULT, TestAuthority.root("hostile").issue("a.test").read());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    /** Others are served, and nothing is left of what was tried. */
    @AfterEach
    void aliveAndEmpty() {
        assertThat(TlsClient.create().get(address, "a.test", "a.test").status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(15)).until(() -> gateway.openConnections() == 0);
        assertThat(gateway.activeRequests()).isZero();
    }

    @Test
    void aClientHelloInSingleBytesIsUnderstood() {
        try (RawClient client = RawClient.connect(address)) {
            Dribble.send(gateway, client, TlsClient.hello("a.test"), () -> 1);

            assertThat(client.read(1)[0]).isEqualTo((byte) 22); // the server's part of the handshake
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 100})
    void aHandshakeThatStopsIsEndedInTime(int bytes) {
        long start = System.nanoTime(); // the deadline is that of the connection: it may run before a byte is sent
        try (RawClient client = RawClient.connect(address)) {
            client.send(Arrays.copyOf(TlsClient.hello("a.test"), bytes));

            client.readToEnd();

            assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis())
                    .isBetween(HANDSHAKE_MILLIS - 200L, HANDSHAKE_MILLIS + 3_000L);
        }
    }

    /** Bytes that keep coming do not move the deadline. */
    @Test
    void aHandshakeThatDripsIsEndedInTime() {
        ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
        byte[] hello = TlsClient.hello("a.test");
        AtomicInteger at = new AtomicInteger();
        long start = System.nanoTime();
        try (RawClient client = RawClient.connect(address)) {
            drip.scheduleAtFixedRate(
                    () -> client.send(new byte[] {hello[at.getAndIncrement()]}), 0, 30, TimeUnit.MILLISECONDS);

            assertThat(client.ending(10_000)).isIn("end", "reset");
            assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis())
                    .isBetween(HANDSHAKE_MILLIS - 200L, HANDSHAKE_MILLIS + 3_000L);
            assertThat(at.get()).isLessThan(hello.length);
        } finally {
            drip.shutdownNow();
        }
    }

    @Test
    void aHandshakeThatStopsAfterTheServersPartIsEndedInTime() {
        try (RawClient client = RawClient.connect(address)) {
            client.send(TlsClient.hello("a.test"));

            assertThat(client.readToEnd()[0]).isEqualTo((byte) 22);
        }
    }

    @Test
    void garbageIsRefusedWithAnAlertAtOnce() {
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[1 + random.nextInt(2_000)];
            random.nextBytes(garbage);
            garbage[0] = (byte) (128 + random.nextInt(100));
            try (RawClient client = RawClient.connect(address)) {
                client.send(garbage);

                assertThat(client.untilEnd()).matches("(?s)(.{7}){0,2}\\((end|reset)\\)");
            }
        }
    }

    @Test
    void aRecordLongerThanAllowedIsRefusedAtOnce() {
        try (RawClient client = RawClient.connect(address)) {
            client.send(new byte[] {22, 3, 1, (byte) 0xff, (byte) 0xff, 1, 0, 0, 5, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0});

            assertThat(client.ending(HANDSHAKE_MILLIS / 2)).isNotEqualTo("open");
        }
    }

    @Test
    void aMessageOfMegabytesIsRefused() throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            byte[] record = new byte[5 + 16_000];
            System.arraycopy(new byte[] {22, 3, 1, 16_000 >> 8, (byte) 16_000, 1, 127, 0, 0}, 0, record, 0, 9);
            for (int i = 0; i < 20; i++) {
                client.trySend(new String(record, StandardCharsets.ISO_8859_1));
            }

            assertThat(client.untilEnd()).matches("(?s)(.{7}){0,2}\\((end|reset)\\)");
        }
    }

    @Test
    void aSecondHandshakeIsRefused() throws IOException {
        try (SSLSocket socket = TlsClient.create().protocols("TLSv1.2").connect(address, "a.test")) {
            RawClient client = RawClient.over(socket);
            client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").readResponse();
            socket.startHandshake();

            assertThatThrownBy(() -> {
                        socket.getOutputStream().write(1);
                        socket.getInputStream().read();
                        socket.getInputStream().read();
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void keysAreUpdatedBetweenRequestsButNotForever() throws IOException {
        try (SSLSocket socket = TlsClient.create().protocols("TLSv1.3").connect(address, "a.test")) {
            RawClient client = RawClient.over(socket);
            for (int i = 0; i < 5; i++) {
                socket.startHandshake(); // of an established TLS 1.3 connection: updates the keys
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
            }

            assertThat(endsDuringUpdates(socket)).isTrue();
        }
    }

    private static boolean endsDuringUpdates(SSLSocket socket) {
        try {
            for (int i = 0; i < 5_000; i++) {
                socket.startHandshake();
            }
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void clientsThatVanishInTheHandshakeLeaveNothing() throws IOException {
        byte[] hello = TlsClient.hello("a.test");
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            try (RawClient client = RawClient.connect(address)) {
                client.send(Arrays.copyOf(hello, random.nextInt(hello.length + 1)));
                if (random.nextBoolean()) {
                    client.reset();
                }
            }
        }
    }

    @Test
    void manySilentConnectionsAreEndedInTime() throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            silent.add(new Socket(address.getAddress(), address.getPort()));
        }

        assertThat(TlsClient.create().get(address, "a.test", "a.test").status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(15)).until(() -> gateway.openConnections() == 0);
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void aCutOffRequestIsNotTakenForWhole() throws Exception {
        upstream.forgetHeads();
        try (SSLSocket socket = TlsClient.create().connect(address, "a.test")) {
            RawClient client = RawClient.over(socket);
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhalf");
            assertThat(upstream.nextHead()).startsWith("POST /");
            client.reset();
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> gateway.activeRequests() == 0);
    }

    @Test
    void aReaderThatStopsHoldsTheUpstreamBack() throws Exception {
        long before = gateway.group().loops().stream()
                .mapToLong(loop -> loop.counters().bytesOut())
                .sum();
        try (SSLSocket socket = TlsClient.create().connect(address, "a.test")) {
            RawClient client = RawClient.over(socket);
            client.send("GET /large HTTP/1.1\r\nHost: a.test\r\n\r\n");
            await().pollInterval(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(10))
                    .until(new Still(before));
            long taken = gateway.group().loops().stream()
                            .mapToLong(loop -> loop.counters().bytesOut())
                            .sum()
                    - before;

            assertThat(taken).isLessThan(BODY / 2);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            assertThat(client.readAtMost(BODY)).isEqualTo(BODY);
        }
    }

    /** Whether something was sent and nothing more since it was asked last. */
    private static final class Still implements Callable<Boolean> {
        private final long start;
        private long last = -1;

        Still(long start) {
            this.start = start;
        }

        @Override
        public Boolean call() {
            long now = gateway.group().loops().stream()
                    .mapToLong(loop -> loop.counters().bytesOut())
                    .sum();
            boolean still = now == last && now > start + 100_000;
            last = now;
            return still;
        }
    }
}
