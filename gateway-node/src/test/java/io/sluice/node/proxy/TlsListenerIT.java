package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.CipherSuites;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TestAuthority.Issued;
import io.sluice.node.tls.TlsRules;
import io.sluice.state.model.Certificate;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.Sni;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsListenerIT {

    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final CertifiedKey FALLBACK =
            AUTHORITY.issue("fallback.test").read();
    private static final CertifiedKey FALLBACK_RSA =
            AUTHORITY.issue("RSA", Duration.ofDays(30), "fallback-rsa.test").read();

    private static RawUpstream upstream;
    private static TestGateway gateway;
    private static InetSocketAddress address;

    @BeforeAll
    static void start() {
        upstream = RawUpstream.start(peer -> {
            for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head);
            }
        });
        gateway = TestGateway.start(config(Map.of(
                "own.test", AUTHORITY.issue("own.test"),
                "*.wild.test", AUTHORITY.issue("wild.test"),
                "tail.*", AUTHORITY.issue("tail.test"))));
        address = gateway.listenTls(TlsRules.DEFAULT, FALLBACK, FALLBACK_RSA);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static GatewayConfig config(Map<String, Issued> byName, Route... routes) {
        GatewayConfig base = Configs.to(upstream.port());
        List<Certificate> certificates = new ArrayList<>();
        List<Sni> snis = new ArrayList<>();
        byName.forEach((name, issued) -> {
            certificates.add(new Certificate(
                    Configs.id(name), issued.certificates(), issued.key(), null, null, List.of(), 0, 0));
            snis.add(new Sni(Configs.id("sni " + name), name, Configs.id(name), List.of(), 0, 0));
        });
        return new GatewayConfig(
                base.hash(),
                base.services(),
                routes.length == 0 ? base.routes() : List.of(routes),
                base.consumers(),
                base.consumerGroups(),
                base.credentials(),
                base.plugins(),
                base.upstreams(),
                base.targets(),
                certificates,
                snis,
                base.caCertificates(),
                base.vaults(),
                base.keySets(),
                base.keys());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void servesRequestsOverBothVersions(String version) throws IOException {
        try (SSLSocket socket = TlsClient.create().protocols(version).connect(address, "own.test");
                RawClient client = RawClient.over(socket)) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response =
                        client.send("GET /x HTTP/1.1\r\nHost: own.test\r\n\r\n").readResponse();

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body())
                        .contains("X-Forwarded-Proto: https\r\n")
                        .contains("X-Forwarded-Port: " + address.getPort() + "\r\n");
            }
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void showsTheCertificateOfTheServerName() {
        TlsClient client = TlsClient.create();

        assertThat(client.nameShown(address, "own.test")).isEqualTo("CN=own.test");
        assertThat(client.nameShown(address, "OWN.test")).isEqualTo("CN=own.test");
        assertThat(client.nameShown(address, "a.wild.test")).isEqualTo("CN=wild.test");
        assertThat(client.nameShown(address, "tail.org")).isEqualTo("CN=tail.test");
        assertThat(client.nameShown(address, "other.test")).isEqualTo("CN=fallback.test");
        assertThat(client.nameShown(address, null)).isEqualTo("CN=fallback.test");
    }

    @Test
    void showsTheKindOfKeyThatTheClientCanCheck() {
        TlsClient client = TlsClient.create().protocols("TLSv1.2").suites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

        assertThat(client.nameShown(address, null)).isEqualTo("CN=fallback-rsa.test");
    }

    @Test
    void bodiesOfManyRecordsPassBothWays() throws Exception {
        int length = 3_000_000;
        byte[] body = new byte[length];
        new java.util.Random(1).nextBytes(body);
        try (RawUpstream echo = RawUpstream.start(peer -> {
                    peer.readHead();
                    byte[] got = peer.read(length);
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                    peer.write(got);
                });
                TestGateway other = TestGateway.to(echo);
                RawClient client = TlsClient.create().raw(other.listenTls(TlsRules.DEFAULT, FALLBACK), "x.test")) {
            client.send("POST / HTTP/1.1\r\nHost: x.test\r\nContent-Length: " + length + "\r\n\r\n");
            client.send(body);

            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            assertThat(client.read(length)).isEqualTo(body);
        }
    }

    @Test
    void agreesOnHttp1AndRefusesClientsThatSpeakNothingOfOurs() throws IOException {
        try (SSLSocket socket =
                TlsClient.create().applications("h2", "http/1.1").connect(address, "own.test")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
        assertThatThrownBy(() -> TlsClient.create()
                        .applications("smtp")
                        .connect(address, "own.test")
                        .close())
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("no_application_protocol");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionsAreResumedAlsoAfterTheConfigurationChanged(String version) {
        TlsClient client = TlsClient.create().protocols(version);
        client.get(address, "own.test", "own.test");
        assertThat(client.wasShownOne()).isTrue();
        gateway.configure(gateway.revision().config());

        RawClient.Response response = client.get(address, "own.test", "own.test");

        assertThat(client.wasShownOne()).isFalse();
        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void certificatesChangeWithTheRevisionAndConnectionsLiveOn() {
        try (TestGateway other = TestGateway.start(config(Map.of()))) {
            InetSocketAddress port = other.listenTls(TlsRules.DEFAULT, FALLBACK);
            TlsClient client = TlsClient.create();
            assertThat(client.nameShown(port, "new.test")).isEqualTo("CN=fallback.test");
            try (RawClient before = client.raw(port, "before.test")) {
                before.send("GET / HTTP/1.1\r\nHost: before.test\r\n\r\n").readResponse();

                other.configure(config(Map.of("new.test", AUTHORITY.issue("new.test"))));

                assertThat(client.nameShown(port, "new.test")).isEqualTo("CN=new.test");
                assertThat(before.send("GET / HTTP/1.1\r\nHost: before.test\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void expiredCertificatesAreShown() {
        Issued expired = AUTHORITY.issue("EC", Duration.ofHours(-1), "expired.test");
        try (TestGateway other = TestGateway.start(config(Map.of("expired.test", expired)))) {
            InetSocketAddress port = other.listenTls(TlsRules.DEFAULT, FALLBACK);

            assertThat(TlsClient.create().nameShown(port, "expired.test")).isEqualTo("CN=expired.test");
        }
    }

    @Test
    void pairsThatCannotBeUsedAreNamedAndLeaveTheOthersAlone() {
        Issued good = AUTHORITY.issue("good.test");
        Issued mismatching =
                new Issued(good.certificates(), AUTHORITY.issue("other.test").key());
        Issued unreadable = new Issued("no certificate", good.key());
        Map<String, Issued> pairs = Map.of("good.test", good, "bad.test", mismatching, "worse.test", unreadable);
        try (TestGateway other = TestGateway.start(config(pairs))) {
            InetSocketAddress port = other.listenTls(TlsRules.DEFAULT, FALLBACK);
            TlsClient client = TlsClient.create();

            assertThat(client.nameShown(port, "good.test")).isEqualTo("CN=good.test");
            assertThat(client.nameShown(port, "bad.test")).isEqualTo("CN=fallback.test");
            assertThat(client.nameShown(port, "worse.test")).isEqualTo("CN=fallback.test");
            assertThat(other.revision().problems())
                    .extracting(problem -> problem.object())
                    .containsExactlyInAnyOrder(
                            "certificate '" + Configs.id("bad.test") + "'",
                            "certificate '" + Configs.id("worse.test") + "'");
        }
    }

    @Test
    void theSameOverHttp2ConcernsOneStream() throws IOException {
        InetSocketAddress http2 = gateway.listenTlsHttp2(FALLBACK);
        TlsClient client = TlsClient.create().applications("h2");
        try (RawHttp2 own = RawHttp2.over(client.connect(http2, "own.test")).begin()) {
            own.headers(1, true, asking("a.wild.test")).headers(3, true, asking("own.test"));

            assertThat(own.response(1).status()).isEqualTo(421);
            assertThat(own.response(3).status()).isEqualTo(200);
        }
    }

    private static byte[] asking(String host) {
        return RawHttp2.block(":method: GET", ":scheme: https", ":path: /", ":authority: " + host);
    }

    @Test
    void aHostWithACertificateOfItsOwnIsMisdirectedOnAnotherName() {
        TlsClient client = TlsClient.create();

        assertThat(client.get(address, "own.test", "a.wild.test").status()).isEqualTo(421);
        assertThat(client.get(address, "unknown.test", "own.test").status()).isEqualTo(421);
        assertThat(client.get(address, "own.test", "unknown.test").status()).isEqualTo(200);
        assertThat(client.get(address, "b.wild.test", "a.wild.test").status()).isEqualTo(200);
        assertThat(client.get(address, null, "own.test").status()).isEqualTo(200);
    }

    @Test
    void routesByServerName() {
        Route plain = Configs.route("by-sni", "s", "/");
        Route route = new Route(
                plain.id(),
                plain.name(),
                plain.service(),
                Set.of(Protocol.HTTPS),
                plain.methods(),
                plain.hosts(),
                plain.paths(),
                plain.headers(),
                List.of("sni.test"),
                plain.sources(),
                plain.destinations(),
                plain.regexPriority(),
                plain.stripPath(),
                plain.pathHandling(),
                plain.preserveHost(),
                plain.httpsRedirectStatusCode(),
                plain.requestBuffering(),
                plain.responseBuffering(),
                plain.tags(),
                0,
                0);
        try (TestGateway other = TestGateway.start(config(Map.of(), route))) {
            InetSocketAddress port = other.listenTls(TlsRules.DEFAULT, FALLBACK);
            TlsClient client = TlsClient.create();

            assertThat(client.get(port, "sni.test", "any.test").status()).isEqualTo(200);
            assertThat(client.get(port, "sni.test", "any.test").status()).isEqualTo(200); // resumed
            assertThat(client.get(port, "other.test", "any.test").status()).isEqualTo(404);
            assertThat(other.get("/").status()).isEqualTo(426);
        }
    }

    @Test
    void plainHttpIsToldThatTlsIsSpoken() {
        try (RawClient client = RawClient.connect(address)) {
            RawClient.Response response =
                    client.send("GET / HTTP/1.1\r\nHost: own.test\r\n\r\n").readResponse();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body()).startsWith("The plain HTTP request was sent to HTTPS port");
            assertThat(client.ending(5_000)).isEqualTo("end");
        }
    }

    @Test
    void modernClientsOnlyWithTheModernSuite() {
        CipherSuites.Preset modern = CipherSuites.preset("modern").orElseThrow();
        InetSocketAddress port = gateway.listenTls(
                new TlsRules(modern.protocols(), modern.suites(), false, Duration.ofHours(1), 100, true), FALLBACK);

        assertThatThrownBy(() -> TlsClient.create()
                        .protocols("TLSv1.2")
                        .connect(port, "x.test")
                        .close())
                .isInstanceOf(SSLException.class);
        assertThat(TlsClient.create().nameShown(port, "x.test")).isEqualTo("CN=fallback.test");
    }

    @Test
    void theAnswerAfterAHalfCloseIsSentWhole() throws IOException {
        try (SSLSocket socket = TlsClient.create().protocols("TLSv1.3").connect(address, "own.test");
                RawClient client = RawClient.over(socket)) {
            client.send("GET / HTTP/1.1\r\nHost: own.test\r\n\r\n");
            socket.shutdownOutput();

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
