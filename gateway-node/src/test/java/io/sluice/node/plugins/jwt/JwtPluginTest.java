package io.sluice.node.plugins.jwt;

import static io.sluice.node.plugins.jwt.JwtFixture.credential;
import static io.sluice.node.plugins.jwt.JwtFixture.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Consumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where tokens are found, which claims they need and what refusals look like; signatures are {@link JwtSignatureTest}'s. */
class JwtPluginTest {
    private static final Consumer ALICE = ConfigFixture.consumer("alice");
    private static final Consumer GUEST = ConfigFixture.consumer("guest");
    private static final String GOOD = token("HS256", "{\"iss\":\"HS256\"}");
    private static final String OTHER = token("HS256", "{\"iss\":\"HS256\",\"n\":1}");
    private static final long NOW = PluginContextFixture.START.getEpochSecond();
    private static final String ERROR = "Bearer error=\"invalid_token\"";

    private final PluginContextFixture context =
            PluginContextFixture.of(ConfigFixture.config().with(ALICE, GUEST).with(credential(ALICE, "HS256")));

    static Stream<Arguments> findsTokens() {
        var cookie = Map.<String, Object>of("cookie_names", List.of("token", "c2"));
        return Stream.of(
                arguments(Map.of(), bearer(GOOD)),
                arguments(Map.of(), get("/").header("Authorization", "bearer " + GOOD)),
                arguments(Map.of(), get("/").header("authorization", "Bearer   " + GOOD)),
                arguments(Map.of(), get("/?jwt=" + GOOD)),
                arguments(Map.of(), get("/?jwt=&jwt=" + GOOD)),
                arguments(Map.of("uri_param_names", List.of("a", "b")), get("/?b=" + GOOD)),
                arguments(Map.of("header_names", List.of("x-token")), get("/").header("X-Token", "Bearer " + GOOD)),
                arguments(
                        Map.of("header_names", List.of("x-token")), bearer("x").header("X-Token", "Bearer " + GOOD)),
                arguments(cookie, get("/").header("Cookie", "token=" + GOOD)),
                arguments(cookie, get("/").header("Cookie", "a=b; Token=" + GOOD + "; token=second")),
                arguments(cookie, get("/").header("Cookie", "token; xtoken=1; tokenx=2;c2=" + GOOD)),
                arguments(cookie, get("/").header("Cookie", "a=b").header("Cookie", "token=" + GOOD)),
                arguments(cookie, get("/?jwt=" + GOOD).header("Cookie", "token=" + GOOD + "; c2=" + GOOD)),
                arguments(Map.of(), bearer(GOOD).header("Authorization", "Bearer " + OTHER)));
    }

    @ParameterizedTest
    @MethodSource
    void findsTokens(Map<String, Object> settings, ExchangeFixture exchange) {
        assertThat(exchange.access(plugin(settings))).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(ALICE);
        assertThat(exchange.upstream().headers().value("X-Credential-Identifier"))
                .isEqualTo("HS256");
    }

    static Stream<Arguments> findsNoToken() {
        return Stream.of(
                arguments(Map.of(), get("/")),
                arguments(Map.of(), get("/?jwt=")),
                arguments(Map.of(), get("/").header("Authorization", GOOD)),
                arguments(Map.of(), get("/").header("Authorization", "Bearer")),
                arguments(Map.of(), get("/").header("Authorization", "Basic " + GOOD)),
                arguments(Map.of(), get("/").header("Cookie", "jwt=" + GOOD)),
                arguments(Map.of("uri_param_names", List.of()), get("/?jwt=" + GOOD)),
                arguments(Map.of("header_names", List.of()), bearer(GOOD)));
    }

    @ParameterizedTest
    @MethodSource
    void findsNoToken(Map<String, Object> settings, ExchangeFixture exchange) {
        assertThat(exchange.access(plugin(settings))).isEqualTo(refusal("{\"message\":\"Unauthorized\"}", "Bearer"));
    }

    static Stream<Arguments> refuses() {
        var name = JwtFixture.base64("{\"alg\":\"HS256\"}");
        return Stream.of(
                arguments("a", "Bad token; invalid JSON"),
                arguments("a.b", "Bad token; invalid JSON"),
                arguments("a b", "Bad token; invalid JSON"),
                arguments(name + "." + JwtFixture.base64("{"), "Bad token; invalid JSON"),
                arguments(name + "." + JwtFixture.base64("{") + ".", "Bad token; invalid JSON"),
                arguments(name + "." + JwtFixture.base64("{} {}") + ".", "Bad token; invalid JSON"),
                arguments(name + ".e=30.", "Bad token; invalid JSON"),
                arguments(name + "." + JwtFixture.base64("[]") + ".", "Bad token; invalid claims"),
                arguments(name + "." + JwtFixture.base64("null") + ".", "Bad token; invalid claims"),
                arguments(name + "." + JwtFixture.base64("{}") + ".!", "Bad token; invalid signature"),
                arguments(GOOD + ".x", "Bad token; invalid signature"),
                arguments(token("HS256", "{}"), "No mandatory 'iss' in claims"),
                arguments(token("HS256", "{\"iss\":null}"), "No mandatory 'iss' in claims"),
                arguments(token("HS256", "{\"iss\":\"\"}"), "Invalid 'iss' in claims"),
                arguments(token("HS256", "{\"iss\":1}"), "Invalid 'iss' in claims"),
                arguments(token("HS256", "{\"iss\":\"other\"}"), "No credentials found for given 'iss'"));
    }

    @ParameterizedTest
    @MethodSource
    void refuses(String token, String message) {
        var exchange = get("/").header("Authorization", "Bearer " + token);

        assertThat(exchange.access(plugin(Map.of()))).isEqualTo(refusal("{\"message\":\"" + message + "\"}", ERROR));
        assertThat(exchange.consumer()).isEmpty();
    }

    @Test
    void refusesDifferentTokens() {
        assertThat(get("/?jwt=" + OTHER)
                        .header("Authorization", "Bearer " + GOOD)
                        .access(plugin(Map.of())))
                .isEqualTo(refusal("{\"message\":\"Multiple tokens provided\"}", ERROR));
        assertThat(get("/?jwt=" + GOOD + "&jwt=" + OTHER).access(plugin(Map.of())))
                .isEqualTo(refusal("{\"message\":\"Multiple tokens provided\"}", ERROR));
    }

    @Test
    void tellsGrpcClientsInTheirOwnWay() {
        var exchange = bearer("a").header("Content-Type", "application/grpc+proto");

        assertThat(exchange.access(plugin(Map.of())))
                .isEqualTo(Verdict.error(401, "Bad token; invalid JSON").header("WWW-Authenticate", ERROR));
    }

    @Test
    void namesTheRealmInTheChallenge() {
        var plugin = plugin(Map.of("realm", "api"));

        assertThat(get("/").access(plugin))
                .isEqualTo(refusal("{\"message\":\"Unauthorized\"}", "Bearer realm=\"api\""));
        assertThat(bearer("a").access(plugin))
                .isEqualTo(refusal(
                        "{\"message\":\"Bad token; invalid JSON\"}", "Bearer realm=\"api\" error=\"invalid_token\""));
    }

    @Test
    void looksForTheKeyInTheClaimsAndThenInTheHeader() {
        var plugin = plugin(Map.of("key_claim_name", "kid"));
        var inClaims = JwtFixture.signed("HS256", "{\"alg\":\"HS256\",\"kid\":\"other\"}", "{\"kid\":\"HS256\"}");
        var inHeader = JwtFixture.signed("HS256", "{\"alg\":\"HS256\",\"kid\":\"HS256\"}", "{}");

        assertThat(bearer(inClaims).access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(bearer(inHeader).access(plugin)).isEqualTo(Verdict.CONTINUE);
    }

    @Test
    void quotesTheClaimsNameInTheMessage() {
        assertThat(bearer(GOOD).access(plugin(Map.of("key_claim_name", "a\"b"))))
                .isEqualTo(refusal("{\"message\":\"No mandatory 'a\\\"b' in claims\"}", ERROR));
    }

    static Stream<Arguments> verifiesTimes() {
        var both = List.of("exp", "nbf");
        return Stream.of(
                arguments(List.of(), 0, "\"exp\":1,\"nbf\":99999999999", ""),
                arguments(List.of("exp"), 0, "\"exp\":" + (NOW + 1), ""),
                arguments(List.of("exp"), 0, "\"exp\":" + (NOW + 0.5), ""),
                arguments(List.of("exp"), 0, "\"exp\":" + NOW, "{\"exp\":\"token expired\"}"),
                arguments(List.of("exp"), 0, "\"x\":1", "{\"exp\":\"must be a number\"}"),
                arguments(List.of("exp"), 0, "\"exp\":\"" + (NOW + 1) + "\"", "{\"exp\":\"must be a number\"}"),
                arguments(List.of("nbf"), 0, "\"nbf\":" + NOW, ""),
                arguments(List.of("nbf"), 0, "\"nbf\":" + (NOW + 1), "{\"nbf\":\"token not valid yet\"}"),
                arguments(
                        both, 0, "\"exp\":1,\"nbf\":true", "{\"exp\":\"token expired\",\"nbf\":\"must be a number\"}"),
                arguments(List.of("exp"), 60, "\"exp\":" + (NOW + 60), ""),
                arguments(
                        List.of("exp"),
                        60,
                        "\"exp\":" + (NOW + 61),
                        "{\"exp\":\"exceeds maximum allowed expiration\"}"));
    }

    @ParameterizedTest
    @MethodSource
    void verifiesTimes(List<String> claims, int maximum, String given, String refusal) {
        var plugin = plugin(Map.of("claims_to_verify", claims, "maximum_expiration", maximum));
        var exchange = bearer(token("HS256", "{\"iss\":\"HS256\"," + given + "}"));

        assertThat(exchange.access(plugin)).isEqualTo(refusal.isEmpty() ? Verdict.CONTINUE : refusal(refusal, ERROR));
    }

    @Test
    void aTokenExpiresInTheSecondItNames() {
        var plugin = plugin(Map.of("claims_to_verify", List.of("exp")));
        var token = token("HS256", "{\"iss\":\"HS256\",\"exp\":" + (NOW + 1) + "}");

        context.clock().advance(Duration.ofMillis(999));
        assertThat(bearer(token).access(plugin)).isEqualTo(Verdict.CONTINUE);

        context.clock().advance(Duration.ofMillis(1));
        assertThat(bearer(token).access(plugin)).isEqualTo(refusal("{\"exp\":\"token expired\"}", ERROR));
    }

    @Test
    void preflightsPassIfTheyNeedNotAuthenticate() {
        var options = ExchangeFixture.request("OPTIONS", "/");

        assertThat(options.access(plugin(Map.of("run_on_preflight", false)))).isEqualTo(Verdict.CONTINUE);
        assertThat(options.access(plugin(Map.of()))).isInstanceOf(Verdict.Answer.class);
    }

    @ParameterizedTest
    @CsvSource({"a", "''"})
    void failuresActAsTheAnonymousConsumer(String token) {
        var exchange = bearer(token);

        assertThat(exchange.access(plugin(Map.of("anonymous", "guest")))).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(GUEST);
    }

    @Test
    void anEarlierSuccessIsEnoughIfThereIsAnAnonymousConsumer() {
        var exchange = bearer(GOOD).consumer(GUEST);

        assertThat(exchange.access(plugin(Map.of("anonymous", "guest")))).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(GUEST);
    }

    @Test
    void aMaximumExpirationNeedsExp() {
        var schema = new JwtPlugin.Factory().settings();

        assertThat(schema.check(Map.of("maximum_expiration", 60)).error())
                .isEqualTo(Map.of(
                        "claims_to_verify",
                        "expected to contain: exp",
                        "@entity",
                        List.of("failed conditional validation given value of field 'config.maximum_expiration'")));
        assertThat(schema.check(Map.of("maximum_expiration", 60, "claims_to_verify", List.of("exp")))
                        .ok())
                .isTrue();
        assertThat(schema.check(Map.of("maximum_expiration", 31_536_001)).error())
                .isEqualTo(Map.of("maximum_expiration", "value should be between 0 and 31536000"));
    }

    private Plugin plugin(Map<String, Object> settings) {
        return context.create(new JwtPlugin.Factory(), settings);
    }

    private static Verdict refusal(String body, String challenge) {
        return Verdict.json(401, body).header("WWW-Authenticate", challenge);
    }

    private static ExchangeFixture get(String target) {
        return ExchangeFixture.get(target);
    }

    private static ExchangeFixture bearer(String token) {
        return get("/").header("Authorization", "Bearer " + token);
    }
}
