package io.sluice.node.plugins.keyauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Credential;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyAuthPluginTest {
    private static final Consumer ALICE = ConfigFixture.consumer("alice", "a-1");
    private static final Consumer GUEST = ConfigFixture.consumer("guest");
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final Map<String, Object> BODY = Map.of("key_in_body", true);
    private static final Map<String, Object> TWO = Map.of("key_names", List.of("x-key", "token"));

    private final PluginContextFixture context = PluginContextFixture.of(ConfigFixture.config()
            .with(ALICE, GUEST)
            .keyAuth(ALICE, "secret")
            .keyAuth(ALICE, "sch\u00fcssel")
            .with(new Credential.KeyAuth(
                    ConfigFixture.id("short"),
                    ALICE.id(),
                    "short",
                    60,
                    List.of(),
                    PluginContextFixture.START.getEpochSecond())));

    static Stream<Arguments> accepted() {
        return Stream.of(
                arguments(Map.of(), get("/").header("apikey", "secret")),
                arguments(Map.of(), get("/").header("ApiKey", "secret")),
                arguments(Map.of(), get("/?apikey=secret")),
                arguments(Map.of(), get("/?a=b&apikey=%73ecret")),
                arguments(Map.of(), get("/?apikey=sch%C3%BCssel")),
                arguments(Map.of(), get("/").header("apikey", "sch\u00c3\u00bcssel")),
                arguments(Map.of(), get("/?apikey=wrong").header("apikey", "secret")),
                arguments(TWO, get("/").header("token", "secret")),
                arguments(TWO, get("/?token=secret")),
                arguments(TWO, get("/?token=secret").header("token", "secret")),
                arguments(Map.of("key_in_header", false), get("/?apikey=secret").header("apikey", "wrong")),
                arguments(BODY, post().body(FORM, "a=b&apikey=secret")),
                arguments(BODY, post().chunked("apikey=secret").header("Content-Type", FORM + "; charset=utf-8")),
                arguments(BODY, post().body(JSON, "{\"apikey\":\"secret\"}")),
                arguments(BODY, post().body(JSON, "{\"apikey\":\"sch\u00fcssel\"}")),
                arguments(BODY, post().body("text/plain", "x").header("apikey", "secret")));
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Map<String, Object> settings, ExchangeFixture exchange) {
        assertThat(exchange.access(plugin(settings))).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(ALICE);
        assertThat(exchange.credential()).isPresent();
    }

    static Stream<Arguments> refused() {
        var none = "No API key found in request";
        var duplicate = "Duplicate API key found";
        return Stream.of(
                arguments(Map.of(), get("/"), none),
                arguments(Map.of(), get("/").header("apikey", ""), none),
                arguments(Map.of(), get("/?apikey=secret").header("apikey", ""), none),
                arguments(Map.of(), get("/?apikey="), none),
                arguments(Map.of(), get("/").header("apikey", "wrong"), "Unauthorized"),
                arguments(Map.of(), get("/").header("apikey", "secreT"), "Unauthorized"),
                arguments(Map.of(), get("/").header("apikey", "secret1"), "Unauthorized"),
                arguments(Map.of(), get("/").header("apikey", "secret").header("apikey", "secret"), duplicate),
                arguments(Map.of(), get("/?apikey=secret&apikey=secret"), duplicate),
                arguments(Map.of("key_in_header", false), get("/").header("apikey", "secret"), none),
                arguments(Map.of("key_in_query", false), get("/?apikey=secret"), none),
                arguments(Map.of(), post().body(FORM, "apikey=secret"), none),
                arguments(BODY, post().body(FORM, "apikey=secret&apikey=secret"), duplicate),
                arguments(BODY, post().body("text/plain", "apikey=secret"), none),
                arguments(BODY, post().body(JSON, "{\"apikey\":[\"secret\"]}"), duplicate),
                arguments(BODY, post().body(JSON, "{\"apikey\":1}"), none),
                arguments(BODY, post().body(JSON, "[\"apikey\"]"), none),
                arguments(BODY, post().body(JSON, "{\"apikey\":\"secret\"} x"), none),
                arguments(BODY, post().body(JSON, "{"), none),
                arguments(BODY, post().body(JSON, ""), none),
                arguments(BODY, post().body(FORM, "apikey=secret&a=" + "x".repeat(1 << 20)), none));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Map<String, Object> settings, ExchangeFixture exchange, String message) {
        assertThat(exchange.access(plugin(settings)))
                .isEqualTo(Verdict.error(401, message).header("WWW-Authenticate", "Key"));
        assertThat(exchange.consumer()).isEmpty();
    }

    @Test
    void namesTheRealmInTheChallenge() {
        var exchange = get("/");

        exchange.access(plugin(Map.of("realm", "api")));

        assertThat(exchange.response().headers().values("WWW-Authenticate")).containsExactly("Key realm=\"api\"");
    }

    @Test
    void tellsTheUpstreamWhoTheConsumerIs() {
        var exchange = get("/").header("apikey", "secret").header("X-Consumer-Username", "spoofed");

        exchange.access(plugin(Map.of()));

        assertThat(exchange.upstream().headers().lines())
                .containsExactlyInAnyOrder(
                        "Host: example.com",
                        "apikey: secret",
                        "X-Consumer-ID: " + ALICE.id(),
                        "X-Consumer-Custom-ID: a-1",
                        "X-Consumer-Username: alice",
                        "X-Credential-Identifier: " + ConfigFixture.id("key-auth secret"));
    }

    @Test
    void aKeyExpires() {
        var plugin = plugin(Map.of());

        context.clock().advance(Duration.ofMillis(59_999));
        assertThat(get("/").header("apikey", "short").access(plugin)).isEqualTo(Verdict.CONTINUE);

        context.clock().advance(Duration.ofMillis(1));
        assertThat(get("/").header("apikey", "short").access(plugin)).isInstanceOf(Verdict.Answer.class);
        assertThat(get("/").header("apikey", "secret").access(plugin)).isEqualTo(Verdict.CONTINUE);
    }

    @Test
    void preflightsPassIfTheyNeedNotAuthenticate() {
        var plugin = plugin(Map.of("run_on_preflight", false));

        assertThat(ExchangeFixture.request("OPTIONS", "/").access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(get("/").access(plugin)).isInstanceOf(Verdict.Answer.class);
        assertThat(ExchangeFixture.request("OPTIONS", "/").access(plugin(Map.of())))
                .isInstanceOf(Verdict.Answer.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "wrong"})
    void hidesTheKeyWhereverItWas(String key) {
        var plugin = plugin(Map.of("hide_credentials", true, "anonymous", "guest"));
        var exchange = get("/?a=%20&apikey=" + key + "&b").header("apikey", key).header("other", key);

        exchange.access(plugin);

        assertThat(exchange.upstream().query()).isEqualTo("a=%20&b");
        assertThat(exchange.upstream().headers().values("apikey")).isEmpty();
        assertThat(exchange.upstream().headers().value("other")).isEqualTo(key);
        assertThat(exchange.upstream().sentBody()).isEmpty();
    }

    static Stream<Arguments> hidesTheKeyInTheBody() {
        return Stream.of(
                arguments(FORM, "a=%20&apikey=secret&b", "a=%20&b"),
                arguments(FORM, "apikey=secret", ""),
                arguments(
                        JSON,
                        "{\"a\":1.10,\"apikey\":\"secret\",\"b\":[12345678901234567890]}",
                        "{\"a\":1.10,\"b\":[12345678901234567890]}"));
    }

    @ParameterizedTest
    @MethodSource
    void hidesTheKeyInTheBody(String type, String body, String rest) {
        var plugin = plugin(Map.of("hide_credentials", true, "key_in_body", true));
        var exchange = post().body(type, body);

        exchange.access(plugin);

        assertThat(exchange.consumer()).contains(ALICE);
        assertThat(exchange.upstream().sentBody()).contains(rest);
    }

    @Test
    void aKeyInTheHeaderIsHiddenInTheBodyToo() {
        var plugin = plugin(Map.of("hide_credentials", true, "key_in_body", true));
        var exchange = post().body(FORM, "apikey=secret&b").header("apikey", "secret");

        exchange.access(plugin);

        assertThat(exchange.upstream().sentBody()).contains("b");
    }

    @Test
    void leavesTheBodyUnreadIfItIsNotNeeded() {
        var byHeader = post().body(FORM, "a=b").header("apikey", "secret");
        var otherType = post().body("text/plain", "a=b");
        var withoutBody = get("/");

        for (var exchange : List.of(byHeader, otherType, withoutBody)) {
            exchange.access(plugin(BODY));
            assertThat(exchange.request().bodyReads()).isZero();
        }
    }

    @Test
    void waitsForTheBody() {
        var exchange = post().body(FORM, "apikey=secret").slowBody();

        var verdict = exchange.access(plugin(BODY));

        assertThat(verdict).isInstanceOf(Verdict.Later.class);
        assertThat(exchange.consumer()).isEmpty();
        exchange.bodyArrives();
        assertThat(((Verdict.Later) verdict).verdict()).isCompletedWithValue(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(ALICE);
    }

    @Test
    void failuresActAsTheAnonymousConsumer() {
        var exchange = get("/").header("apikey", "wrong");

        assertThat(exchange.access(plugin(Map.of("anonymous", "guest")))).isEqualTo(Verdict.CONTINUE);

        assertThat(exchange.consumer()).contains(GUEST);
        assertThat(exchange.upstream().headers().value("X-Anonymous-Consumer")).isEqualTo("true");
    }

    @Test
    void anEarlierSuccessIsEnoughIfThereIsAnAnonymousConsumer() {
        var alternative = get("/").consumer(GUEST).header("apikey", "secret");
        var additional = get("/").consumer(GUEST).header("apikey", "wrong");

        assertThat(alternative.access(plugin(Map.of("anonymous", "guest")))).isEqualTo(Verdict.CONTINUE);
        assertThat(alternative.consumer()).contains(GUEST);
        assertThat(additional.access(plugin(Map.of()))).isInstanceOf(Verdict.Answer.class);
    }

    @Test
    void refusesBadNames() {
        var checked = new KeyAuthPlugin.Factory().settings().check(Map.of("key_names", List.of("a b")));

        assertThat(checked.error())
                .isEqualTo(Map.of(
                        "key_names",
                        List.of("bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'")));
    }

    private Plugin plugin(Map<String, Object> settings) {
        return context.create(new KeyAuthPlugin.Factory(), settings);
    }

    private static ExchangeFixture get(String target) {
        return ExchangeFixture.get(target);
    }

    private static ExchangeFixture post() {
        return ExchangeFixture.request("POST", "/");
    }
}
