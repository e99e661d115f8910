package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.state.model.GatewayConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that is slow on purpose costs a connection for a bounded time and nothing else (hostile-input, section 10). */
class SlowClientIT {

    private static final ScheduledExecutorService DRIP = Executors.newSingleThreadScheduledExecutor();

    private static RawUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = RawUpstream.start(SlowClientIT::script);
        gateway = TestGateway.start(Configs.to(upstream.port()), ClientRules.impatient(10_000_000), List.of());
    }

    /** Others are served, and nothing is left of what was tried. */
    @AfterEach
    void aliveAndEmpty() {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
        await().until(() -> gateway.activeRequests() == 0 && gateway.openConnections() == 0);
    }

    @AfterAll
    static void stop() {
        DRIP.shutdownNow();
        gateway.close();
        upstream.close();
    }

    private static void script(RawUpstream.Peer peer) throws IOException {
        for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
            if (head.startsWith("POST")) {
                if (peer.read(4000).length == 4000) {
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                }
                return;
            }
            if (Heads.target(head).equals("/large")) {
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
                byte[] piece = new byte[100_000];
                for (int i = 0; i < 1_000; i++) {
                    peer.write(piece);
                }
            } else if (Heads.target(head).equals("/late")) {
                int head1 = peer.read(); // nothing comes: blocks until the gateway gives up
                assertThat(head1).isNegative();
                return;
            } else {
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        }
    }

    /** Sends one byte of the text every so often until the connection refuses it. */
    private static void drip(RawClient client, String text, int everyMillis) {
        int[] at = {0};
        DRIP.scheduleAtFixedRate(
                () -> {
                    int i = at[0]++ % text.length();
                    client.send(text.substring(i, i + 1));
                },
                0,
                everyMillis,
                TimeUnit.MILLISECONDS);
    }

    /** Sends that many bytes every so often until the connection refuses them. */
    private static void pour(RawClient client, int bytes, int everyMillis) {
        DRIP.scheduleAtFixedRate(() -> client.send(new byte[bytes]), 0, everyMillis, TimeUnit.MILLISECONDS);
    }

    @Test
    void givesAHeadThatDripsADeadline() {
        try (RawClient client = gateway.client()) {
            long begin = System.nanoTime();
            drip(client, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(10_000), 20);
            RawClient.Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(408);
            assertThat(response.body()).contains("Request timeout");
            assertThat(response.header("Connection")).contains("close");
            assertThat(client.ending(5000)).isIn("end", "reset");
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(550), Duration.ofSeconds(3));
        }
    }

    @Test
    void givesALaterHeadThatDripsADeadline() {
        try (RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT");

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.readResponse().status()).isEqualTo(408);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nffff\r\n"})
    void givesABodyThatDripsAMinimumRate(String framing) {
        try (RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing);
            drip(client, "x", 20);
            RawClient.Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(408);
            assertThat(response.header("Connection")).contains("close");
        }
        await().until(() -> gateway.activeRequests() == 0);
    }

    @Test
    void givesUpABodyThatStops() {
        try (RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");

            assertThat(client.readResponse().status()).isEqualTo(408);
            assertThat(client.ending(5000)).isEqualTo("end");
        }
    }

    @Test
    void letsABodyThatKeepsTheRateThrough() {
        try (RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n");
            pour(client, 200, 100); // twice what is asked for

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void resetsAClientThatDoesNotReadItsResponse() throws Exception {
        upstream.forgetHeads();
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(gateway.address());
        try (socket) {
            socket.getOutputStream()
                    .write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(upstream.nextHead()).startsWith("GET /large "); // before that, no connection is open either

            await().atMost(Duration.ofSeconds(10)).until(() -> gateway.openConnections() == 0);
            assertThat(readAll(socket)).isEqualTo("reset");
        }
        assertThat(gateway.activeRequests()).isZero();
        await().until(() -> upstream.open() <= 2);
    }

    private static String readAll(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return "end";
        } catch (SocketException e) {
            return "reset";
        }
    }

    @Test
    void stopsReadingFromAClientThatDoesNotReadItsAnswers() throws IOException {
        gateway.configure(GatewayConfig.EMPTY);
        long before = bytesIn();
        byte[] requests =
                "GET /none HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000_000).getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(gateway.address());

            assertThatThrownBy(() -> socket.getOutputStream().write(requests)).isInstanceOf(IOException.class);
        } finally {
            gateway.configure(Configs.to(upstream.port()));
        }

        await().until(() -> gateway.openConnections() == 0);
        assertThat(bytesIn() - before).isLessThan(4_000_000);
    }

    private static long bytesIn() {
        return gateway.group().loops().stream()
                .mapToLong(loop -> loop.counters().bytesIn())
                .sum();
    }

    @Test
    void closesAConnectionThatStaysIdle() {
        try (RawClient fresh = gateway.client();
                RawClient used = gateway.client()) {
            used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();

            assertThat(fresh.ending(5000)).isEqualTo("end");
            assertThat(used.ending(5000)).isEqualTo("end");
        }
    }

    @Test
    void answersAClientThatHasClosedItsSendingSide() {
        try (RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    .endOutput();

            assertThat(client.readResponse().body()).isEqualTo("ok");
            assertThat(client.readResponse().body()).isEqualTo("ok");
            assertThat(client.ending(5000)).isEqualTo("end");
        }
    }

    @Test
    void forgetsARequestWhoseClientVanished() {
        RawClient client = gateway.client();
        client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
        await().until(() -> gateway.activeRequests() == 1);
        client.reset();

        await().until(() -> gateway.activeRequests() == 0 && gateway.openConnections() == 0);
    }
}
