package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.settings.ProxySettings;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that no upstream made: their words, their media type, their headers (kong-3, sections 3.3 and 3.6). */
class OwnAnswerIT {

    private static final String JSON = "application/json; charset=utf-8";
    private static final Map<String, String> TYPES = Map.of(
            "json", JSON,
            "html", "text/html; charset=utf-8",
            "xml", "application/xml; charset=utf-8",
            "plain", "text/plain; charset=utf-8");

    private static TestGateway gateway;
    private static TestGateway html;

    @BeforeAll
    static void start() throws IOException {
        int refused;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused = gone.getLocalPort();
        }
        GatewayConfig config = Configs.of(
                List.of(Configs.service("refused", refused, null, 0, 5_000)),
                List.of(
                        Configs.route("r", "refused", "/refused"),
                        Configs.route("none", null, "/none"),
                        only("upgrade", 426, Protocol.HTTPS),
                        only("found", 302, Protocol.HTTPS),
                        only("permanent", 308, Protocol.HTTPS),
                        only("grpc", 426, Protocol.GRPC),
                        only("grpcs", 426, Protocol.GRPCS),
                        only("both", 426, Protocol.GRPC, Protocol.GRPCS)),
                List.of());
        gateway = TestGateway.start(config);
        ProxySettings usual = ProxySettings.DEFAULT;
        html = TestGateway.start(
                config,
                new ProxySettings(
                        List.of(),
                        usual.realIpHeader(),
                        false,
                        usual.headers(),
                        "text/html",
                        usual.portMaps(),
                        false,
                        usual.client(),
                        usual.pool()),
                List.of());
    }

    private static Route only(String name, int redirect, Protocol... protocols) {
        Route usual = Configs.route(name, "refused", "/" + name);
        return new Route(
                usual.id(),
                name,
                usual.service(),
                Set.of(protocols),
                List.of(),
                List.of(),
                usual.paths(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                Route.PathHandling.V0,
                false,
                redirect,
                true,
                true,
                List.of(),
                0,
                0);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        html.close();
    }

    private static RawClient.Response get(String path, String lines) {
        return gateway.exchange("GET " + path + " HTTP/1.1\r\nHost: example.test\r\n" + lines + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'*/*', json",
        "'application/json', json",
        "'application/*', json",
        "'text/html', html",
        "'text/*', plain",
        "'text/plain', plain",
        "'application/xml', xml",
        "'TEXT/HTML', html",
        "'text/html;level=1', html",
        "'text/html, application/json', html",
        "'application/json, text/html', json",
        "'text/html;q=0.5, application/xml', xml",
        "'text/html;q=0.5, application/xml;q=0.7, */*;q=0.1', xml",
        "'text/plain;q=0.5,text/html;q=0.5', plain",
        "'text/html;q=0, application/xml;q=0.1', xml",
        "'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', html",
        "'image/png', json",
        "'image/png, text/html;q=0.5', json",
        "'nonsense', json",
        "'text/html;q=x', json",
        "'', json"
    })
    void speaksTheMediaTypeThatTheClientPrefers(String accept, String type) {
        for (String path : List.of("/nothing", "/refused")) {
            RawClient.Response response = get(path, "Accept: " + accept + "\r\n");

            assertThat(response.header("Content-Type")).as(path).contains(TYPES.get(type));
            assertThat(response.header("Content-Length"))
                    .contains("" + response.body().length());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing, '', json",
        "/nothing, 'Content-Type: text/html\r\n', json",
        "/none, '', json",
        "/upgrade, '', json",
        "/refused, '', plain",
        "/refused, 'Content-Type: text/html\r\n', html",
        "/refused, 'Content-Type: application/xml; charset=x\r\n', xml",
        "/refused, 'Content-Type: application/x-www-form-urlencoded\r\n', json",
        "/%zz, '', plain"
    })
    void hasOneDefaultForTheRouterAndAnotherForTheConnection(String path, String lines, String type) {
        assertThat(get(path, lines).header("Content-Type")).contains(TYPES.get(type));
    }

    @Test
    void takesTheSecondDefaultFromTheSettings() {
        String request = "GET %s HTTP/1.1\r\nHost: a\r\n\r\n";

        assertThat(html.exchange(request.replace("%s", "/refused")).header("Content-Type"))
                .contains(TYPES.get("html"));
        assertThat(html.exchange(request.replace("%s", "/nothing")).header("Content-Type"))
                .contains(JSON);
        assertThat(html.exchange("nonsense\r\n\r\n").header("Content-Type")).contains(TYPES.get("html"));
    }

    @Test
    void hasKongsBodies() {
        String message = "An invalid response was received from the upstream server";
        String id = "[0-9a-f]{32}";

        assertThat(get("/refused", "Accept: application/json\r\n").body())
                .matches("\\{\n  \"message\":\"" + message + "\",\n  \"request_id\":\"" + id + "\"\n}");
        assertThat(get("/refused", "").body()).matches(message + "\nrequest_id: " + id + "\n");
        assertThat(get("/refused", "Accept: text/html\r\n").body())
                .containsPattern("<p>" + message + "\\.</p>\\s*<p>request_id: " + id + "</p>");
        assertThat(get("/refused", "Accept: application/xml\r\n").body())
                .containsPattern("<error>\\s*<message>" + message + "</message>\\s*<requestid>" + id
                        + "</requestid>\\s*</error>");
    }

    @Test
    void saysTheSameIdInHeaderAndBody() {
        RawClient.Response response = get("/nothing", "X-Kong-Request-Id: 00000000000000000000000000000000\r\n");

        String id = response.header("X-Kong-Request-Id").orElseThrow();
        assertThat(id).matches("[0-9a-f]{32}").isNotEqualTo("0".repeat(32));
        assertThat(response.body()).contains("\"request_id\":\"" + id + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing, 404, 'no Route matched with those values'",
        "/none, 503, 'no Service found with those values'",
        "/refused, 502, 'An invalid response was received from the upstream server'",
        "/upgrade, 426, 'Please use HTTPS protocol'",
        "/%zz, 400, 'Bad request'"
    })
    void answersInKongsWords(String path, int status, String message) {
        RawClient.Response response = get(path, "");

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.body()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/refused", "/upgrade", "/none"})
    void answersHeadWithoutABody(String path) {
        try (RawClient client = gateway.client()) {
            client.send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Response response = client.readResponse(true);
            client.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(response.header("Content-Length").map(Integer::parseInt).orElse(0))
                    .isPositive();
            assertThat(client.readResponse().status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing, 5, 'no Route matched with those values'",
        "/refused, 14, 'An invalid response was received from the upstream server'",
        "/none, 14, 'no Service found with those values'"
    })
    void answersGrpcByItsOwnStatus(String path, String status, String message) {
        RawClient.Response response = gateway.exchange("POST " + path
                + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc+proto\r\nContent-Length: 0\r\n\r\n");

        assertThat(response.header("grpc-status")).contains(status);
        assertThat(response.header("grpc-message")).contains(message);
        assertThat(response.header("Content-Length")).contains("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/grpc", "/grpcs", "/both"})
    void asksGrpcClientsForHttp2(String path) {
        for (String type : List.of("application/grpc", "application/grpc+proto")) {
            try (RawClient client = gateway.client()) {
                client.send("POST " + path + "/a.B/C HTTP/1.1\r\nHost: a\r\nContent-Type: " + type
                        + "\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0");
                RawClient.Response response = client.readResponse();

                assertThat(response.status()).isEqualTo(426);
                assertThat(response.header("Upgrade")).contains("HTTP/2");
                assertThat(response.headers("Connection").toString()).containsIgnoringCase("upgrade");
                assertThat(response.header("Content-Type")).contains(JSON);
                assertThat(response.body())
                        .contains(
                                "\"message\":\"Please use HTTP2 protocol\"",
                                response.header("X-Kong-Request-Id").orElseThrow());
                assertThat(response.header("grpc-status")).isEmpty();
                client.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponse().status()).isEqualTo(404);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Type: application/json\r\n", "Content-Type: text/plain\r\n"})
    void refusesOtherRequestsOnGrpcRoutes(String lines) {
        for (String path : List.of("/grpc", "/grpcs", "/both")) {
            RawClient.Response response = get(path, lines);

            assertThat(response.status()).isEqualTo(415);
            assertThat(response.header("Content-Type")).contains(JSON);
            assertThat(response.body()).contains("Non-gRPC request matched gRPC route");
            assertThat(response.header("Upgrade")).isEmpty();
        }
    }

    @Test
    void speaksTheMediaTypeThatAGrpcClientAccepts() {
        RawClient.Response response = get("/grpc", "Content-Type: application/grpc\r\nAccept: text/plain\r\n");

        assertThat(response.header("Content-Type")).contains(TYPES.get("plain"));
        assertThat(response.body()).startsWith("Please use HTTP2 protocol\n");
    }

    @Test
    void asksForTls() {
        RawClient.Response response = get("/upgrade", "");

        assertThat(response.status()).isEqualTo(426);
        assertThat(response.header("Upgrade")).contains("TLS/1.2, HTTP/1.1");
        assertThat(response.headers("Connection").toString()).containsIgnoringCase("Upgrade");
    }

    @ParameterizedTest
    @CsvSource({
        "/found, Example.Test:8000, 302, https://example.test/found",
        "/found?a=%20b&c, example.test, 302, https://example.test/found?a=%20b&c",
        "/found/../found/x, example.test, 302, https://example.test/found/../found/x",
        "http://example.test/found?a, example.test, 302, https://example.test/found?a",
        "/permanent, '[::1]:80', 308, https://[::1]/permanent"
    })
    void sendsPlainRequestsToTls(String target, String host, int status, String location) {
        RawClient.Response response = gateway.exchange("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("Location")).contains(location);
    }

    @Test
    void countsA502AsProxiedAndOtherAnswersAsItsOwn() {
        RawClient.Response proxied = get("/refused", "");
        RawClient.Response own = get("/nothing", "");

        assertThat(proxied.header("X-Kong-Upstream-Latency")).isPresent();
        assertThat(proxied.header("X-Kong-Proxy-Latency")).isPresent();
        assertThat(proxied.header("X-Kong-Response-Latency")).isEmpty();
        assertThat(proxied.header("Via")).contains("1.1 kong/3.9.3");
        assertThat(own.header("X-Kong-Upstream-Latency")).isEmpty();
        assertThat(own.header("X-Kong-Proxy-Latency")).isEmpty();
        assertThat(own.header("X-Kong-Response-Latency")).isPresent();
        assertThat(own.header("Via")).isEmpty();
        for (RawClient.Response response : List.of(proxied, own)) {
            assertThat(response.headers("Server")).containsExactly("kong/3.9.3");
            assertThat(response.headers("Date")).hasSize(1);
            assertThat(response.headers("X-Kong-Request-Id")).hasSize(1);
        }
    }
}
