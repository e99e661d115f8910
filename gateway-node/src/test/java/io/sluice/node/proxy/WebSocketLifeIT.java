package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.http.LoopCounters;
import io.sluice.node.settings.ProxySettings;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TlsRules;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a WebSocket once it is open, and what its routes are. */
class WebSocketLifeIT {

    private static final String ASK = " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    private static final String ACCEPT =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    private static final byte[] CLOSED = {(byte) 0x88, 2, 3, (byte) 0xE8};
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 3, (byte) 0xE9};
    private static final byte[] HELLO = {(byte) 0x81, 2, 'h', 'i'};

    private final LinkedBlockingQueue<Long> logged = new LinkedBlockingQueue<>();
    private final CountDownLatch upstreamSawEnd = new CountDownLatch(1);
    private final RawUpstream upstream = RawUpstream.start(this::script);
    private TestGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private void script(RawUpstream.Peer peer) throws IOException {
        String head = peer.readHead();
        switch (Heads.target(head)) {
            case "/echo" -> {
                peer.write(ACCEPT);
                for (int b = peer.read(); b >= 0; b = peer.read()) {
                    peer.write(new byte[] {(byte) b});
                }
                upstreamSawEnd.countDown();
            }
            case "/half" -> {
                peer.write(ACCEPT);
                peer.write(new byte[] {(byte) 0x81, 5, 'h', 'a'});
                peer.read();
            }
            case "/closed", "/closed-and-reset" -> {
                peer.write(ACCEPT);
                peer.write(CLOSED);
                peer.read();
                if (head.contains("reset")) {
                    peer.reset();
                }
            }
            default -> peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    }

    private GatewayConfig config(int readMillis, Protocol service, Protocol... route) {
        Service made = Configs.service("s", upstream.port(), null, 0, readMillis);
        GatewayConfig all = Configs.of(List.of(made), List.of(Configs.route("r", "s", "/")), List.of());
        Route plain = all.routes().get(0);
        Route spoken = Configs.matching(plain, Set.of(route));
        return Configs.of(List.of(Configs.speaking(made, service)), List.of(spoken), List.of());
    }

    private void start(GatewayConfig config) {
        gateway = TestGateway.start(
                config,
                ProxySettings.DEFAULT,
                exchange -> logged.add((long) exchange.response().status()));
    }

    private RawClient open(String path) {
        RawClient client = gateway.client();
        assertThat(client.send("GET " + path + ASK).readHead()).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private long sum(ToLongFunction<LoopCounters> count) {
        return gateway.group().loops().stream()
                .mapToLong(loop -> count.applyAsLong(loop.counters()))
                .sum();
    }

    @Test
    void isCountedWhileItIsOpen() {
        start(config(5_000, Protocol.HTTP, Protocol.HTTP));
        RawClient client = open("/echo");
        client.send(HELLO);
        assertThat(client.read(4)).isEqualTo(HELLO);

        assertThat(sum(LoopCounters::tunnels)).isEqualTo(1);
        assertThat(sum(LoopCounters::tunnelBytesIn)).isEqualTo(4);
        assertThat(sum(LoopCounters::tunnelBytesOut)).isEqualTo(4);
        client.close();
        await().until(() -> sum(LoopCounters::tunnels) == 0);
    }

    @Test
    void livesOnWhenTheConfigurationChanges() {
        start(config(5_000, Protocol.HTTP, Protocol.HTTP));
        try (RawClient client = open("/echo")) {
            gateway.configure(Configs.of(List.of(), List.of(), List.of()));
            assertThat(gateway.get("/echo").status()).isEqualTo(404);

            client.send(HELLO);

            assertThat(client.read(4)).isEqualTo(HELLO);
        }
    }

    @Test
    void isToldThatTheGatewayGoesAwayAtTheEndOfADrain() throws Exception {
        start(config(5_000, Protocol.HTTP, Protocol.HTTP));
        try (RawClient client = open("/echo")) {
            client.send(HELLO);
            client.read(4);
            var drained = gateway.server().drain().toCompletableFuture();
            client.send(HELLO);
            assertThat(client.read(4)).isEqualTo(HELLO);

            gateway.server().cutOff();

            assertThat(client.readToEnd()).isEqualTo(GOING_AWAY);
            client.close();
            drained.get(10, TimeUnit.SECONDS);
            assertThat(upstreamSawEnd.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(logged.poll(5, TimeUnit.SECONDS)).isEqualTo(101);
        }
    }

    @Test
    void isToldSoOverTlsToo() throws Exception {
        start(config(5_000, Protocol.HTTP, Protocol.HTTP));
        InetSocketAddress address = gateway.listenTls(
                TlsRules.DEFAULT, TestAuthority.root("ca").issue("a").read());
        try (RawClient client = TlsClient.create().raw(address, "a")) {
            assertThat(client.send("GET /echo" + ASK).readHead()).startsWith("HTTP/1.1 101 ");
            gateway.server().drain();
            gateway.server().cutOff();

            assertThat(client.readToEnd()).isEqualTo(GOING_AWAY);
        }
    }

    @Test
    void isCutInTheMiddleOfAFrame() {
        start(config(5_000, Protocol.HTTP, Protocol.HTTP));
        try (RawClient client = open("/half")) {
            assertThat(client.read(4)).hasSize(4);
            gateway.server().drain();
            gateway.server().cutOff();

            assertThat(client.ending(5_000)).isEqualTo("reset");
        }
    }

    @Test
    void isNotToldASecondTimeThatItEnds() {
        start(config(5_000, Protocol.HTTP, Protocol.HTTP));
        try (RawClient client = open("/closed")) {
            assertThat(client.read(4)).isEqualTo(CLOSED);
            gateway.server().drain();
            gateway.server().cutOff();

            assertThat(client.ending(5_000)).isEqualTo("reset");
        }
    }

    /** Many servers end their connection without ceremony once they have said that they close. */
    @Test
    void endsInOrderAfterACloseFrameHoweverTheUpstreamEnds() {
        start(config(5_000, Protocol.HTTP, Protocol.HTTP));
        try (RawClient client = open("/closed-and-reset")) {
            assertThat(client.read(4)).isEqualTo(CLOSED);
            client.send(HELLO);

            assertThat(client.ending(5_000)).isEqualTo("end");
        }
    }

    @Test
    void endsWhenNothingPassesForTheServicesReadTimeout() {
        start(config(500, Protocol.HTTP, Protocol.HTTP));
        try (RawClient client = open("/echo")) {
            long start = System.nanoTime();
            long sentLast = start;
            while (System.nanoTime() - start < 1_000_000_000L) {
                sentLast = System.nanoTime();
                client.send(HELLO);
                assertThat(client.read(4)).isEqualTo(HELLO); // longer than the timeout, with bytes all the time
            }

            assertThat(client.ending(5_000)).isEqualTo("end");
            assertThat(System.nanoTime() - sentLast).isGreaterThan(400_000_000L);
        }
    }

    @Test
    void routesForWebSocketsTakeNothingElse() {
        start(config(5_000, Protocol.WS, Protocol.WS, Protocol.WSS));
        RawClient.Response other = gateway.get("/echo");

        assertThat(other.status()).isEqualTo(426);
        assertThat(other.header("Upgrade")).contains("websocket");
        try (RawClient client = open("/echo")) {
            client.send(HELLO);
            assertThat(client.read(4)).isEqualTo(HELLO);
        }
    }

    @Test
    void secureOnesNeedTls() {
        start(config(5_000, Protocol.HTTP, Protocol.WSS));
        InetSocketAddress address = gateway.listenTls(
                TlsRules.DEFAULT, TestAuthority.root("ca").issue("a").read());

        RawClient.Response plain = gateway.exchange("GET /echo" + ASK);

        assertThat(plain.status()).isEqualTo(426);
        assertThat(plain.header("Upgrade")).contains("TLS/1.2, HTTP/1.1");
        try (RawClient client = TlsClient.create().raw(address, "a")) {
            assertThat(client.send("GET /echo" + ASK).readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 200_000})
    void everyByteArrivesAsItWas(int pieces) throws Exception {
        start(config(5_000, Protocol.HTTP, Protocol.HTTP));
        byte[] all = new byte[1_000_000 / Math.max(1, 1000 / pieces)];
        new java.util.Random(5).nextBytes(all);
        try (RawClient client = open("/echo")) {
            Thread sender = new Thread(() -> {
                for (int at = 0; at < all.length; at += pieces * 7) {
                    client.send(java.util.Arrays.copyOfRange(all, at, Math.min(all.length, at + pieces * 7)));
                }
            });
            sender.start();

            assertThat(client.read(all.length)).isEqualTo(all);
            sender.join(10_000);
        }
    }
}
