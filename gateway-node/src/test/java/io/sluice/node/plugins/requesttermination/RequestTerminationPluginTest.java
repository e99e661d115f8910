package io.sluice.node.plugins.requesttermination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestTerminationPluginTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments(Map.of(), json(503, "{\"message\":\"Service unavailable\"}")),
                arguments(Map.of("status_code", 401), json(401, "{\"message\":\"Unauthorized\"}")),
                arguments(Map.of("status_code", 404), json(404, "{\"message\":\"Not found\"}")),
                arguments(Map.of("status_code", 405), json(405, "{\"message\":\"Method not allowed\"}")),
                arguments(Map.of("status_code", 500), json(500, "{\"message\":\"An unexpected error occurred\"}")),
                arguments(Map.of("status_code", 502), json(502, "{\"message\":\"Bad Gateway\"}")),
                arguments(Map.of("status_code", 204), Verdict.empty(204)),
                arguments(Map.of("status_code", 406), Verdict.empty(406)),
                arguments(
                        Map.of("status_code", 406, "message", "say \"no\""),
                        json(406, "{\"message\":\"say \\\"no\\\"\"}")),
                arguments(
                        Map.of("body", "<p>\u00fc</p>"), Verdict.exit(503, "", ByteString.fromString("<p>\u00fc</p>"))),
                arguments(
                        Map.of("status_code", 451, "body", "<p>", "content_type", "text/html"),
                        Verdict.exit(451, "text/html", ByteString.fromString("<p>"))));
    }

    @ParameterizedTest
    @MethodSource
    void answers(Map<String, Object> settings, Verdict verdict) {
        assertThat(get("/").access(plugin(settings))).isEqualTo(verdict);
    }

    static Stream<Arguments> answersGrpc() {
        return Stream.of(
                arguments(Map.of(), "Service unavailable"),
                arguments(Map.of("body", "closed"), "closed"),
                arguments(Map.of("echo", true), "Service unavailable"));
    }

    @ParameterizedTest
    @MethodSource
    void answersGrpc(Map<String, Object> settings, String message) {
        assertThat(get("/").header("Content-Type", "application/grpc").access(plugin(settings)))
                .isEqualTo(Verdict.error(503, message));
    }

    @Test
    void waitsForItsTrigger() {
        var plugin = plugin(Map.of("trigger", "gimme"));
        var fixed = json(503, "{\"message\":\"Service unavailable\"}");

        assertThat(get("/").access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(get("/?other=gimme").access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(get("/").header("Gimme", "").access(plugin)).isEqualTo(fixed);
        assertThat(get("/?gimme").access(plugin)).isEqualTo(fixed);
        assertThat(get("/?a=b&gimme=1").access(plugin)).isEqualTo(fixed);
    }

    @Test
    void echoesTheRequest() throws IOException {
        var exchange = get("/status/200?hello=there&flag&n=1&n=2")
                .header("X-Two", "a")
                .header("x-two", "\u00c3\u00bc")
                .route(ConfigFixture.route("r", "s"))
                .service(ConfigFixture.service("s"))
                .captures(Map.of("0", "/status", "1", "status", "parameter", "status"));

        var echo = echo(Map.of("echo", true, "status_code", 404), exchange);

        assertThat(exchange.response().status()).isEqualTo(404);
        assertThat(exchange.response().headers().value("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(echo.path("message").textValue()).isEqualTo("Not found");
        assertThat(echo.path("kong").path("worker_pid").longValue())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(echo.path("request")).isEqualTo(new JsonMapper().readTree("""
                        {
                          "scheme": "http", "host": "example.com", "port": 80, "method": "GET", "path": "/status/200",
                          "query": {"hello": "there", "flag": true, "n": ["1", "2"]},
                          "headers": {"host": "example.com", "x-two": ["a", "\u00fc"]},
                          "uri_captures": {"named": {"parameter": "status"}, "unnamed": ["status"]}
                        }
                        """));
        assertThat(echo.path("matched_route").path("name").textValue()).isEqualTo("r");
        assertThat(echo.path("matched_service").path("host").textValue()).isEqualTo("s.internal");
        assertThat(echo.path("matched_service").has("path")).isFalse();
    }

    static Stream<Arguments> echoesTheBody() {
        return Stream.of(
                arguments(FORM, "a=1&a=%32&b", "{\"a\":[\"1\",\"2\"],\"b\":true}"),
                arguments("application/json; charset=utf-8", "{\"a\":[1]}", "{\"a\":[1]}"),
                arguments("application/json", "{", null),
                arguments("text/plain", "a=1", null));
    }

    @ParameterizedTest
    @MethodSource
    void echoesTheBody(String type, String body, String parsed) throws IOException {
        var echo =
                echo(Map.of("echo", true), ExchangeFixture.request("POST", "/").body(type, body));

        assertThat(echo.path("request").path("raw_body").textValue()).isEqualTo(body);
        assertThat(echo.path("request").get("body"))
                .isEqualTo(parsed == null ? null : new JsonMapper().readTree(parsed));
    }

    @Test
    void echoesTheRestOfARequestWithATooLongBody() throws IOException {
        var exchange = ExchangeFixture.request("POST", "/").chunked("x".repeat((1 << 20) + 1));

        var echo = echo(Map.of("echo", true), exchange);

        assertThat(echo.path("request").path("method").textValue()).isEqualTo("POST");
        assertThat(echo.path("request").has("raw_body")).isFalse();
        assertThat(echo.has("matched_route")).isFalse();
    }

    @Test
    void waitsForTheBodyOnlyIfItIsEchoed() {
        var echoed = ExchangeFixture.request("POST", "/").chunked("x").slowBody();
        var fixed = ExchangeFixture.request("POST", "/").chunked("x").slowBody();

        assertThat(echoed.access(plugin(Map.of("echo", true)))).isInstanceOf(Verdict.Later.class);
        assertThat(fixed.access(plugin(Map.of()))).isInstanceOf(Verdict.Answer.class);
    }

    static Stream<Arguments> refusesSettings() {
        return Stream.of(
                arguments(Map.of("message", "m", "body", "b"), "message cannot be used with content_type or body"),
                arguments(
                        Map.of("message", "m", "content_type", "text/html"),
                        "message cannot be used with content_type or body"),
                arguments(Map.of("content_type", "text/html"), "content_type requires a body"),
                arguments(Map.of("echo", true, "body", "b"), "echo cannot be used with content_type and body"),
                arguments(Map.of("status_code", 99), "value should be between 100 and 599"),
                arguments(Map.of("status_code", 101), "value should be between 200 and 599"),
                arguments(Map.of("trigger", "a b"), "bad header name 'a b'"));
    }

    @ParameterizedTest
    @MethodSource
    void refusesSettings(Map<String, Object> settings, String error) {
        var checked = new RequestTerminationPlugin.Factory().settings().check(settings);

        assertThat(checked.error()).asString().contains(error);
    }

    private static JsonNode echo(Map<String, Object> settings, ExchangeFixture exchange) throws IOException {
        exchange.access(plugin(settings));
        return new JsonMapper().readTree(exchange.response().body());
    }

    private static Verdict json(int status, String text) {
        return Verdict.json(status, text);
    }

    private static Plugin plugin(Map<String, Object> settings) {
        return PluginContextFixture.empty().create(new RequestTerminationPlugin.Factory(), settings);
    }

    private static ExchangeFixture get(String target) {
        return ExchangeFixture.get(target);
    }
}
