package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Only an accepted WebSocket upgrade opens a tunnel (hostile-input, section 8). */
class WebSocketIT {

    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";
    private static final String ASK = "Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    private static final String ACCEPT =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    private static final BlockingQueue<Integer> TUNNELLED = new LinkedBlockingQueue<>();

    private static RawUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = RawUpstream.start(WebSocketIT::script);
        gateway = TestGateway.start(Configs.of(
                java.util.List.of(Configs.service("s", upstream.port(), null, 0, 5_000)),
                java.util.List.of(Configs.route("r", "s", "/")),
                java.util.List.of()));
    }

    @BeforeEach
    void forgetHeads() {
        upstream.forgetHeads();
    }

    /** Others are served, and nothing is left of what was tried. */
    @AfterEach
    void aliveAndEmpty() {
        assertThat(gateway.get("/good").body()).isEqualTo("ok");
        await().until(() -> gateway.activeRequests() == 0 && gateway.openConnections() == 0);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static void script(RawUpstream.Peer peer) throws IOException {
        for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
            switch (Heads.target(head)) {
                case "/refuse" -> peer.write("HTTP/1.1 426 No\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nno");
                case "/other" ->
                    peer.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
                case "/bare" -> peer.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
                case "/echo" -> {
                    peer.write(ACCEPT);
                    for (int b = peer.read(); b >= 0; b = peer.read()) {
                        peer.write(new byte[] {(byte) b});
                    }
                    peer.write("bye");
                    return;
                }
                case "/count" -> {
                    peer.write(ACCEPT);
                    byte[] all = peer.socket().getInputStream().readAllBytes();
                    TUNNELLED.add(all.length);
                    return;
                }
                case "/push" -> {
                    peer.write(ACCEPT);
                    peer.write(new byte[4_000_000]);
                    return;
                }
                case "/101" -> peer.write(ACCEPT);
                default -> peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        }
    }

    private static String head(String path, String lines) {
        return "GET " + path + " HTTP/1.1\r\n" + lines + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sec-WebSocket-Key: short\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQAA=\r\n",
                "Sec-WebSocket-Key: dGhlIHNhb*BsZSBub25jZQ==\r\n",
                "Sec-WebSocket-Key:\r\n",
                KEY + KEY
            })
    void refusesABadKey(String keys) {
        RawClient.Response response = gateway.exchange(head("/echo", ASK + VERSION + keys));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.header("Connection")).contains("close");
        assertThat(upstream.pendingHeads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sec-WebSocket-Version: 1337\r\n",
                "Sec-WebSocket-Version: 8\r\n",
                "Sec-WebSocket-Version: 13, 8\r\n",
                VERSION + VERSION
            })
    void refusesABadVersion(String versions) {
        RawClient.Response response = gateway.exchange(head("/echo", ASK + KEY + versions));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.header("Connection")).contains("close");
        assertThat(upstream.pendingHeads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/other", "/bare"})
    void answersForAnUpstreamThatSwitchesToSomethingElse(String path) throws InterruptedException {
        RawClient.Response response = gateway.exchange(head(path, ASK + KEY + VERSION));
        upstream.nextHead();

        assertThat(response.status()).isEqualTo(502);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 'Host: a\r\n'",
        "GET, 'Host: a\r\nUpgrade: websocket\r\n'",
        "GET, 'Host: a\r\nConnection: upgrade\r\n'",
        "GET, 'Host: a\r\nUpgrade: foo\r\nConnection: Upgrade\r\n'",
        "POST, 'Host: a\r\nContent-Length: 0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'",
        "OPTIONS, 'Host: a\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA\r\nConnection: Upgrade, HTTP2-Settings\r\n'"
    })
    void opensNoTunnelThatWasNotAskedFor(String method, String lines) throws Exception {
        String asked = (method + " /101 HTTP/1.1\r\n" + lines + "\r\n").replace("\\r\\n", "\r\n");

        try (RawClient client = gateway.client()) {
            RawClient.Response response = client.send(asked).readResponse();

            assertThat(response.status()).isEqualTo(502);
            String head = upstream.nextHead();
            assertThat(Heads.values(head, "Upgrade")).isEmpty();
            assertThat(Heads.values(head, "HTTP2-Settings")).isEmpty();
            assertThat(Heads.values(head, "Connection")).containsExactly("keep-alive");
            client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().body()).isEqualTo("ok");
            upstream.nextHead();
        }
    }

    @Test
    void passesAnUpgradeOnWithNothingElse() throws InterruptedException {
        String lines = "Host: a\r\nUpgrade: WebSocket, h2c\r\nConnection: keep-alive, Upgrade\r\n"
                + "Sec-WebSocket-Protocol: chat\r\n" + KEY + VERSION;
        gateway.exchange(head("/refuse", lines));

        String head = upstream.nextHead();
        assertThat(Heads.values(head, "Upgrade")).containsExactly("websocket");
        assertThat(Heads.values(head, "Connection")).containsExactly("keep-alive, Upgrade");
        assertThat(Heads.values(head, "Sec-WebSocket-Key")).containsExactly("dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(Heads.values(head, "Sec-WebSocket-Protocol")).containsExactly("chat");
    }

    @Test
    void doesNotTakeBytesBehindARefusedUpgradeForARequest() throws InterruptedException {
        try (RawClient client = gateway.client()) {
            client.send(head("/refuse", ASK + KEY + VERSION) + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(426);
            assertThat(response.header("Connection")).contains("close");
            assertThat(client.ending(5000)).isEqualTo("end");
            assertThat(Heads.target(upstream.nextHead())).isEqualTo("/refuse");
            assertThat(upstream.pendingHeads()).isZero();
        }
    }

    @Test
    void goesOnAfterARefusedUpgrade() throws InterruptedException {
        try (RawClient client = gateway.client()) {
            client.send(head("/refuse", ASK + KEY + VERSION));
            assertThat(client.readResponse().body()).isEqualTo("no");
            client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().body()).isEqualTo("ok");
            upstream.nextHead();
            upstream.nextHead();
        }
    }

    @Test
    void tunnelsBytesSentRightBehindTheUpgrade() throws InterruptedException {
        try (RawClient client = gateway.client()) {
            client.send(head("/echo", ASK + KEY + VERSION) + "early");

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.read(5)).isEqualTo("early".getBytes());
            client.endOutput();
            assertThat(client.readToEnd()).isEqualTo("bye".getBytes());
            upstream.nextHead();
        }
    }

    @Test
    void tunnelsEverythingBeforeTheClientsEnd() throws InterruptedException {
        try (RawClient client = gateway.client()) {
            client.send(head("/count", ASK + KEY + VERSION));
            client.readHead();
            client.send(new byte[8_000_000]).endOutput();

            assertThat(TUNNELLED.poll(10, TimeUnit.SECONDS)).isEqualTo(8_000_000);
            assertThat(client.ending(5000)).isEqualTo("end");
            upstream.nextHead();
        }
    }

    @Test
    void tunnelsEverythingBeforeTheUpstreamsEnd() throws InterruptedException {
        try (RawClient client = gateway.client()) {
            client.send(head("/push", ASK + KEY + VERSION));
            client.readHead();

            assertThat(client.readToEnd()).hasSize(4_000_000);
            upstream.nextHead();
        }
    }

    @Test
    void endsTheTunnelWhenTheClientVanishes() throws InterruptedException {
        RawClient client = gateway.client();
        client.send(head("/echo", ASK + KEY + VERSION)).readHead();
        client.reset();

        await().until(() -> gateway.activeRequests() == 0 && gateway.openConnections() == 0);
        upstream.nextHead();
    }
}
