package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.settings.ProxySettings;
import io.sluice.node.settings.ProxySettings.TokenHeader;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway adds to heads, takes away and leaves alone, both ways (kong-3, sections 3.2 and 3.3). */
class GatewayHeaderIT {

    private static final String PLAIN = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";

    private static RawUpstream upstream;
    private static TestGateway gateway;
    private static volatile String fields = "";

    @BeforeAll
    static void start() {
        upstream = RawUpstream.start(GatewayHeaderIT::script);
        gateway = TestGateway.start(config());
    }

    private static GatewayConfig config() {
        Route strip = Configs.route("strip", "based", "/strip");
        return Configs.of(
                List.of(
                        Configs.service("s", upstream.port(), null, 0, 5_000),
                        Configs.service("based", upstream.port(), "/base", 0, 5_000)),
                List.of(
                        Configs.route("r", "s", "/"),
                        change(strip, true, false),
                        change(Configs.route("preserve", "s", "/preserve"), false, true)),
                List.of());
    }

    private static Route change(Route route, boolean strip, boolean preserve) {
        return new Route(
                route.id(),
                route.name(),
                route.service(),
                route.protocols(),
                List.of(),
                List.of(),
                route.paths(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                strip,
                Route.PathHandling.V0,
                preserve,
                426,
                true,
                true,
                List.of(),
                0,
                0);
    }

    private static void script(RawUpstream.Peer peer) throws IOException {
        for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
            peer.read(head.contains("Transfer-Encoding: chunked") ? 5 : 0);
            peer.write(PLAIN + fields + "\r\nok");
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void reset() {
        fields = "";
        upstream.forgetHeads();
    }

    private static String forwarded(String path, String lines) throws InterruptedException {
        gateway.exchange("GET " + path + " HTTP/1.1\r\n" + lines + "\r\n");
        return upstream.nextHead();
    }

    private static RawClient.Response answered(String lines) throws InterruptedException {
        fields = lines;
        RawClient.Response response = gateway.get("/");
        upstream.nextHead();
        return response;
    }

    private static TestGateway sending(Set<TokenHeader> tokens) {
        ProxySettings usual = ProxySettings.DEFAULT;
        return TestGateway.start(
                config(),
                new ProxySettings(
                        List.of(),
                        usual.realIpHeader(),
                        false,
                        tokens,
                        usual.errorDefaultType(),
                        usual.portMaps(),
                        false,
                        usual.client(),
                        usual.pool()),
                List.of());
    }

    static Stream<Arguments> tokens() {
        return Stream.of(
                Arguments.of(Set.of(), Set.of(), Set.of()),
                Arguments.of(Set.of(TokenHeader.SERVER), Set.of("Server"), Set.of("Server")),
                Arguments.of(Set.of(TokenHeader.VIA), Set.of("Via"), Set.of()),
                Arguments.of(Set.of(TokenHeader.PROXY_LATENCY), Set.of("X-Kong-Proxy-Latency"), Set.of()),
                Arguments.of(Set.of(TokenHeader.UPSTREAM_LATENCY), Set.of("X-Kong-Upstream-Latency"), Set.of()),
                Arguments.of(Set.of(TokenHeader.UPSTREAM_STATUS), Set.of("X-Kong-Upstream-Status"), Set.of()),
                Arguments.of(Set.of(TokenHeader.RESPONSE_LATENCY), Set.of(), Set.of("X-Kong-Response-Latency")),
                Arguments.of(Set.of(TokenHeader.REQUEST_ID), Set.of("X-Kong-Request-Id"), Set.of("X-Kong-Request-Id")),
                Arguments.of(
                        ProxySettings.DEFAULT.headers(),
                        Set.of("Server", "Via", "X-Kong-Proxy-Latency", "X-Kong-Upstream-Latency", "X-Kong-Request-Id"),
                        Set.of("Server", "X-Kong-Response-Latency", "X-Kong-Request-Id")));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void addsTheFieldsThatTheSettingNames(Set<TokenHeader> tokens, Set<String> proxied, Set<String> own)
            throws InterruptedException {
        Set<String> all = Set.of(
                "Server",
                "Via",
                "X-Kong-Proxy-Latency",
                "X-Kong-Upstream-Latency",
                "X-Kong-Upstream-Status",
                "X-Kong-Response-Latency",
                "X-Kong-Request-Id");
        try (TestGateway sending = sending(tokens)) {
            RawClient.Response passed = sending.get("/");
            String head = upstream.nextHead();
            sending.configure(GatewayConfig.EMPTY);
            RawClient.Response refused = sending.get("/");

            assertThat(all)
                    .filteredOn(name -> passed.header(name).isPresent())
                    .containsExactlyInAnyOrderElementsOf(proxied);
            assertThat(all)
                    .filteredOn(name -> refused.header(name).isPresent())
                    .containsExactlyInAnyOrderElementsOf(own);
            assertThat(Heads.values(head, "X-Kong-Request-Id").isEmpty())
                    .isNotEqualTo(tokens.contains(TokenHeader.UPSTREAM_REQUEST_ID));
            assertThat(Heads.values(head, "Via")).containsExactly("1.1 kong/3.9.3");
        }
    }

    @Test
    void saysTheUpstreamsStatus() throws InterruptedException {
        try (TestGateway sending = sending(Set.of(TokenHeader.UPSTREAM_STATUS))) {
            fields = "X-Kong-Upstream-Status: 500\r\n";

            assertThat(sending.get("/").headers("X-Kong-Upstream-Status")).containsExactly("200");
            upstream.nextHead();
        }
    }

    @Test
    void leavesFieldsItDoesNotSayToTheUpstream() throws InterruptedException {
        try (TestGateway sending = sending(Set.of())) {
            fields = "Via: 1.0 a\r\nVia: 1.1 b\r\nX-Kong-Upstream-Latency: 7\r\nX-Kong-Request-Id: theirs\r\n";
            RawClient.Response response = sending.get("/");
            upstream.nextHead();

            assertThat(response.headers("Via")).containsExactly("1.0 a", "1.1 b");
            assertThat(response.headers("X-Kong-Upstream-Latency")).containsExactly("7");
            assertThat(response.headers("X-Kong-Request-Id")).containsExactly("theirs");
        }
    }

    @Test
    void replacesTheFieldsOfAGatewayBehindIt() throws InterruptedException {
        RawClient.Response response = answered("X-Kong-Upstream-Latency: 99999\r\nX-Kong-Proxy-Latency: 99999\r\n"
                + "X-Kong-Request-Id: theirs\r\nX-Kong-Response-Latency: 3\r\n");

        for (String name : List.of("X-Kong-Upstream-Latency", "X-Kong-Proxy-Latency", "X-Kong-Request-Id")) {
            assertThat(response.headers(name)).as(name).hasSize(1).doesNotContain("99999", "theirs");
        }
        assertThat(response.headers("X-Kong-Response-Latency")).containsExactly("3");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "1.1, -, '1.1 kong/3.9.3'",
                "1.1, 'Via: 1.0 front\r\n', '1.0 front, 1.1 kong/3.9.3'",
                "1.1, 'Via: 1.0 a\r\nVia: 2 b, 1.1 c\r\n', '1.0 a, 2 b, 1.1 c, 1.1 kong/3.9.3'",
                "1.0, 'Via: 1.0 front\r\n', '1.0 front, 1 kong/3.9.3'"
            })
    void appendsToVia(String version, String lines, String via) throws InterruptedException {
        String given = lines == null ? "" : lines;
        fields = given;
        RawClient.Response response = gateway.exchange("GET / HTTP/" + version + "\r\nHost: a\r\n" + given + "\r\n");

        assertThat(Heads.values(upstream.nextHead(), "Via")).containsExactly(via);
        assertThat(response.headers("Via"))
                .containsExactly(via.replace("1 kong", "1.1 kong").replace("1.1.1", "1.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', kong/3.9.3",
        "'Server: nginx\r\n', nginx",
        "'server: a\r\nServer: b\r\n', 'a|b'",
        "'Server:\r\n', ''"
    })
    void namesItselfOnlyIfTheUpstreamDoesNot(String lines, String server) throws InterruptedException {
        assertThat(answered(lines).headers("Server")).containsExactly(server.split("\\|", -1));
    }

    @Test
    void datesAResponseOnlyIfTheUpstreamDoesNot() throws InterruptedException {
        assertThat(answered("").headers("Date")).hasSize(1);
        assertThat(answered("Date: Mon, 01 Jan 2001 00:00:00 GMT\r\n").headers("Date"))
                .containsExactly("Mon, 01 Jan 2001 00:00:00 GMT");
    }

    @ParameterizedTest
    @CsvSource({
        "/, example.test, upstream",
        "/preserve, example.test, example.test",
        "/preserve, Example.Test:8080, Example.Test:8080",
        "/preserve, '[::1]:80', '[::1]:80'",
        "/preserve, 'example.test:', 'example.test:'",
        "/preserve, '1.2.3.4', '1.2.3.4'"
    })
    void sendsTheHostThatTheRouteWants(String path, String host, String sent) throws InterruptedException {
        String expected = sent.equals("upstream") ? "127.0.0.1:" + upstream.port() : sent;

        assertThat(Heads.values(forwarded(path, "Host: " + host + "\r\n"), "Host"))
                .containsExactly(expected);
    }

    @Test
    void doesWithoutAHostFieldOfAnOldClient() throws InterruptedException {
        gateway.exchange("GET /preserve HTTP/1.0\r\n\r\n");
        String head = upstream.nextHead();

        assertThat(Heads.values(head, "Host")).containsExactly("127.0.0.1:" + upstream.port());
        assertThat(Heads.values(head, "X-Forwarded-Host")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/strip/x, /base/x, /strip", "/strip, /base, /strip", "/strip/a/../b?c, /base/b?c, /strip"})
    void saysWhatItStripped(String path, String target, String prefix) throws InterruptedException {
        String head = forwarded(path, "Host: a\r\n");

        assertThat(Heads.target(head)).isEqualTo(target);
        assertThat(Heads.values(head, "X-Forwarded-Prefix")).containsExactly(prefix);
        assertThat(Heads.values(head, "X-Forwarded-Path")).containsExactly(path.split("\\?", -1)[0]);
    }

    @Test
    void removesHopByHopFieldsOfRequests() throws InterruptedException {
        String head = forwarded(
                "/",
                "Host: a\r\nConnection: close, X-One, \"x\"\r\nConnection: x-two ,TE\r\nX-One: 1\r\nx-TWO: 2\r\n"
                        + "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nProxy: evil\r\n"
                        + "TE: trailers, gzip\r\nUpgrade: foo\r\nHTTP2-Settings: x\r\n"
                        + "Proxy-Authorization: Basic eDp5\r\nTrailer: X-Sum\r\nX-Three: 3\r\n");

        for (String gone :
                List.of("X-One", "X-Two", "Keep-Alive", "Proxy-Connection", "Proxy", "Upgrade", "HTTP2-Settings")) {
            assertThat(Heads.values(head, gone)).as(gone).isEmpty();
        }
        assertThat(Heads.values(head, "Connection")).containsExactly("keep-alive");
        assertThat(Heads.values(head, "TE")).containsExactly("trailers");
        assertThat(Heads.values(head, "Proxy-Authorization")).containsExactly("Basic eDp5");
        assertThat(Heads.values(head, "X-Three")).containsExactly("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "Host", "Transfer-Encoding", "X-Forwarded-For", "Authorization"})
    void doesNotLetConnectionBreakTheRequest(String nominated) throws InterruptedException {
        String body = nominated.equals("Transfer-Encoding")
                ? "Transfer-Encoding: chunked\r\n\r\n0\r\n"
                : "Content-Length: 0\r\n";
        gateway.exchange("POST / HTTP/1.1\r\nHost: a\r\nConnection: " + nominated + "\r\nX-Forwarded-For: 6.6.6.6\r\n"
                + body + "\r\n");
        String head = upstream.nextHead();

        assertThat(head).contains(body.split("\r\n", 2)[0]);
        assertThat(Heads.values(head, "Host")).hasSize(1);
        assertThat(Heads.values(head, "X-Forwarded-For")).containsExactly("6.6.6.6, 127.0.0.1");
    }

    @Test
    void removesHopByHopFieldsOfResponses() throws InterruptedException {
        RawClient.Response response = answered("Connection: keep-alive, X-One, content-length\r\nX-One: 1\r\n"
                + "Keep-Alive: timeout=5\r\nProxy-Connection: x\r\nUpgrade: h2c\r\nTrailer: X-Sum\r\nX-Two: 2\r\n");

        for (String gone : List.of("X-One", "Keep-Alive", "Proxy-Connection", "Upgrade", "Trailer")) {
            assertThat(response.headers(gone)).as(gone).isEmpty();
        }
        assertThat(response.headers("Connection")).containsExactly("keep-alive");
        assertThat(response.headers("Content-Length")).containsExactly("2");
        assertThat(response.headers("X-Two")).containsExactly("2");
    }

    @Test
    void passesTheAnnouncementOfTrailersToAClientThatWantsThem() throws InterruptedException {
        fields = "Trailer: X-Sum\r\n";
        RawClient.Response response = gateway.exchange("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n");
        upstream.nextHead();

        assertThat(response.headers("Trailer")).containsExactly("X-Sum");
    }

    @Test
    void leavesTheBytesOfOtherFieldsAlone() throws InterruptedException {
        String lines =
                "x-lower: A  b\r\nX-Twice: 1\r\nX-Other:\r\nX-Twice: 2\r\nX-High: \u00e4\u00ff\r\nX_Under: 1\r\n";
        fields = lines;
        RawClient.Response response = gateway.exchange("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");

        assertThat(upstream.nextHead()).contains(lines);
        assertThat(response.head()).contains(lines);
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, '', keep-alive",
        "1.1, 'Connection: close\r\n', close",
        "1.1, 'Connection: Close, x\r\n', close",
        "1.0, '', close",
        "1.0, 'Connection: keep-alive\r\n', keep-alive"
    })
    void keepsTheClientsConnectionAsTheClientWants(String version, String lines, String connection)
            throws InterruptedException {
        try (RawClient client = gateway.client()) {
            client.send("GET / HTTP/" + version + "\r\nHost: a\r\n" + lines + "\r\n");

            assertThat(client.readResponse().headers("Connection")).containsExactly(connection);
            upstream.nextHead();
            if (connection.equals("close")) {
                assertThat(client.ending(5_000)).isEqualTo("end");
            } else {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponse().body()).isEqualTo("ok");
                upstream.nextHead();
            }
        }
    }
}
