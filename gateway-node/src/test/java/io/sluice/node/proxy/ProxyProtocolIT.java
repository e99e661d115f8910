package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.http.LoopCounters;
import io.sluice.node.plugins.iprestriction.IpRestrictionPlugin;
import io.sluice.node.settings.ClientSettings;
import io.sluice.node.settings.ProxySettings;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TlsRules;
import io.sluice.state.model.Cidr;
import io.sluice.state.model.GatewayConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Load balancers say whom they forward for, before HTTP and before TLS; nobody else gets in by such a listener. */
class ProxyProtocolIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";
    private static final String V1 = "PROXY TCP4 192.0.2.7 198.51.100.1 5555 443\r\n";
    private static final byte[] V2 = ("\r\n\r\n\0\r\nQUIT\n\041\021\0\020\001\002\003\004"
                    + "\005\006\007\010\000\120\000\120\004\000\001x")
            .getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEADER_MILLIS = 700;

    private RawUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        upstream = RawUpstream.start(peer -> {
            for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head);
            }
        });
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private InetSocketAddress listen(String realIpHeader, String... trusted) {
        return listen(Configs.to(upstream.port()), realIpHeader, trusted);
    }

    private InetSocketAddress listen(GatewayConfig config, String realIpHeader, String... trusted) {
        gateway = TestGateway.start(
                config,
                settings(
                        realIpHeader,
                        List.of(trusted).stream()
                                .map(Cidr::parse)
                                .map(Optional::orElseThrow)
                                .toList()),
                List.of(new IpRestrictionPlugin.Factory()));
        return gateway.listenProxyProtocol();
    }

    private static ProxySettings settings(String realIpHeader, List<Cidr> trusted) {
        ProxySettings usual = ProxySettings.DEFAULT;
        ClientSettings client = usual.client();
        return new ProxySettings(
                trusted,
                realIpHeader,
                true,
                usual.headers(),
                usual.errorDefaultType(),
                usual.portMaps(),
                usual.allowDebugHeader(),
                new ClientSettings(
                        client.headerBytes(),
                        client.requestLineBytes(),
                        client.headerLineBytes(),
                        client.headerCount(),
                        0,
                        Duration.ofMillis(HEADER_MILLIS),
                        client.bodyTimeout(),
                        client.minimumBodyRate(),
                        client.idleTimeout(),
                        client.sendTimeout(),
                        client.requests(),
                        client.connections()),
                usual.pool());
    }

    private static String exchange(InetSocketAddress address, byte[] preface, String fields) {
        try (RawClient client = RawClient.connect(address)) {
            return client.send(preface)
                    .send(GET + fields + "\r\n")
                    .readResponse()
                    .body();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private long refused() {
        return gateway.group().loops().stream()
                .mapToLong(loop -> loop.counters().prefacesRefused())
                .sum();
    }

    @Test
    void aTrustedPeerSaysWhoTheClientIsInBothVersions() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");

        assertThat(exchange(address, bytes(V1), ""))
                .contains("X-Real-IP: 192.0.2.7\r\n")
                .contains("X-Forwarded-For: 192.0.2.7\r\n");
        assertThat(exchange(address, V2, ""))
                .contains("X-Real-IP: 1.2.3.4\r\n")
                .contains("X-Forwarded-For: 1.2.3.4\r\n");
    }

    @Test
    void whatTheClientItselfClaimsIsNotBelieved() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");

        assertThat(exchange(
                        address,
                        bytes(V1),
                        "X-Forwarded-For: 9.9.9.9\r\nX-Real-IP: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n"))
                .contains("X-Real-IP: 192.0.2.7\r\n")
                .contains("X-Forwarded-For: 9.9.9.9, 192.0.2.7\r\n")
                .contains("X-Forwarded-Proto: http\r\n");
    }

    @Test
    void aClientThatIsTrustedItselfMaySayHowItWasAsked() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1", "192.0.2.0/24");

        assertThat(exchange(address, bytes(V1), "X-Forwarded-Proto: https\r\n"))
                .contains("X-Forwarded-Proto: https\r\n");
    }

    @Test
    void anUntrustedPeersWordIsPassedOver() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "10.0.0.0/8");

        assertThat(exchange(address, bytes(V1), "")).contains("X-Real-IP: 127.0.0.1\r\n");
    }

    @Test
    void withAnotherHeaderThePrefaceIsReadAndNotUsed() {
        InetSocketAddress address = listen("X-Forwarded-For", "127.0.0.1");

        assertThat(exchange(address, bytes(V1), "X-Forwarded-For: 203.0.113.9\r\n"))
                .contains("X-Real-IP: 203.0.113.9\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ::1 ::1 1 2\r\n", "\r\n\r\n\0\r\nQUIT\n\040\0\0\0"})
    void aPeerMaySpeakForItself(String preface) {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");

        assertThat(exchange(address, bytes(preface), "")).contains("X-Real-IP: 127.0.0.1\r\n");
    }

    @Test
    void addressesAreRestrictedByWhatThePeerSays() {
        InetSocketAddress address = listen(
                Configs.with(
                        Configs.to(upstream.port()),
                        Configs.plugin("ip-restriction", Map.of("deny", List.of("192.0.2.7")))),
                ProxySettings.PROXY_PROTOCOL,
                "127.0.0.1");

        try (RawClient client = RawClient.connect(address)) {
            assertThat(client.send(V1 + GET + "\r\n").readResponse().status()).isEqualTo(403);
        }
        assertThat(exchange(address, V2, "")).contains("X-Real-IP: 1.2.3.4\r\n");
    }

    @Test
    void comesInPiecesWithRequestsBehindIt() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");
        try (RawClient client = RawClient.connect(address)) {
            for (byte b : V2) {
                client.send(new byte[] {b});
            }
            client.send(GET + "\r\n" + GET + "\r\n");

            assertThat(client.readResponse().body()).contains("X-Real-IP: 1.2.3.4\r\n");
            assertThat(client.readResponse().body()).contains("X-Real-IP: 1.2.3.4\r\n");
        }
    }

    @Test
    void comesInOnePieceWithALongBodyBehindIt() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");
        try (RawClient client = RawClient.connect(address)) {
            String body = "x".repeat(20_000);
            client.send(V1 + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" + body);

            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void comesBeforeTls() throws IOException {
        listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");
        InetSocketAddress address = gateway.listenProxyProtocolTls(
                TlsRules.DEFAULT, TestAuthority.root("ca").issue("a.test").read());
        Socket plain = new Socket(address.getAddress(), address.getPort());
        plain.getOutputStream().write(V2);
        try (SSLSocket socket = TlsClient.create().over(plain, "a.test");
                RawClient client = RawClient.over(socket)) {
            assertThat(client.send(GET + "\r\n").readResponse().body())
                    .contains("X-Real-IP: 1.2.3.4\r\n")
                    .contains("X-Forwarded-Proto: https\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PROXY NONSENSE\r\n", "\026\003\001\002\000\001"})
    void whoeverBeginsOtherwiseIsClosedAndCounted(String text) {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");
        try (RawClient client = RawClient.connect(address)) {
            client.trySend(text);

            assertThat(client.ending(5_000)).isIn("end", "reset");
        }
        await().until(() -> refused() == 1 && gateway.group().connections() == 0);
        assertThat(exchange(address, V2, "")).contains("X-Real-IP: 1.2.3.4\r\n");
    }

    @Test
    void anEndlessPrefixIsClosed() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");
        try (RawClient client = RawClient.connect(address)) {
            client.trySend("PROXY UNKNOWN " + "x".repeat(1_000_000));

            assertThat(client.ending(5_000)).isIn("end", "reset");
        }
        await().until(() -> refused() == 1 && gateway.group().connections() == 0);
    }

    @Test
    void slowBytesDoNotOutliveTheHeaderTimeout() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");
        long start = System.nanoTime();
        try (RawClient client = RawClient.connect(address)) {
            client.send("PROXY TCP4 1");

            assertThat(client.ending(5_000)).isIn("end", "reset");
        }
        assertThat(System.nanoTime() - start).isGreaterThan(HEADER_MILLIS * 900_000L);
        await().until(() -> refused() == 1);
    }

    @Test
    void aPeerThatOnlyConnectsIsNoError() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");
        RawClient.connect(address).close();

        await().until(() -> gateway.group().connections() == 0);
        assertThat(refused()).isZero();
        assertThat(gateway.group().loops().stream()
                        .mapToLong(loop -> loop.counters().bytesIn())
                        .sum())
                .isZero();
    }

    @Test
    void aDrainDoesNotWaitForPrefaces() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");
        try (RawClient waiting = RawClient.connect(address)) {
            waiting.send("PROXY ");
            await().until(() -> gateway.group().connections() == 1);

            assertThat(gateway.server().drain().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void countsEveryByte() {
        InetSocketAddress address = listen(ProxySettings.PROXY_PROTOCOL, "127.0.0.1");
        String request = GET + "\r\n";
        try (RawClient client = RawClient.connect(address)) {
            client.send(V1 + request).readResponse();
        }

        assertThat(gateway.group().loops().stream()
                        .map(loop -> loop.counters())
                        .mapToLong(LoopCounters::bytesIn)
                        .sum())
                .isEqualTo(V1.length() + request.length());
    }
}
