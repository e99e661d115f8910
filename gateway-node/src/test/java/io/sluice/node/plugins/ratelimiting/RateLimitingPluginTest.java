package io.sluice.node.plugins.ratelimiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.CapturedLog;
import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.HeadersFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RateLimitingPluginTest {
    private final PluginContextFixture context = PluginContextFixture.empty();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @Test
    void tellsTheLimitsOnEveryResponseAndRefusesBeyondThem() {
        context.clock().set(Instant.parse("2026-03-04T10:20:15.900Z"));
        var plugin = plugin(Map.of("minute", 2, "hour", 100));

        assertThat(headers(plugin, ExchangeFixture.get("/").responds(200)))
                .containsExactly(
                        "X-RateLimit-Limit-Minute: 2",
                        "X-RateLimit-Remaining-Minute: 1",
                        "X-RateLimit-Limit-Hour: 100",
                        "X-RateLimit-Remaining-Hour: 99",
                        "RateLimit-Limit: 2",
                        "RateLimit-Remaining: 1",
                        "RateLimit-Reset: 45");
        headers(plugin, ExchangeFixture.get("/"));
        var refused = ExchangeFixture.get("/");
        assertThat(headers(plugin, refused))
                .containsExactly(
                        "Content-Type: application/json; charset=utf-8",
                        "X-RateLimit-Limit-Minute: 2",
                        "X-RateLimit-Remaining-Minute: 0",
                        "X-RateLimit-Limit-Hour: 100",
                        "X-RateLimit-Remaining-Hour: 98",
                        "RateLimit-Limit: 2",
                        "RateLimit-Remaining: 0",
                        "RateLimit-Reset: 45",
                        "Retry-After: 45");
        assertThat(refused.response().status()).isEqualTo(429);
        assertThat(refused.response().body()).contains("\"message\":\"API rate limit exceeded\"", "request_id");
    }

    @Test
    void refusesWithTheConfiguredCodeAndMessage() {
        var plugin = plugin(Map.of("minute", 1, "error_code", 403, "error_message", "not so fast"));
        ExchangeFixture.get("/").access(plugin);
        var refused = ExchangeFixture.get("/");

        refused.access(plugin);

        assertThat(refused.response().status()).isEqualTo(403);
        assertThat(refused.response().body()).contains("not so fast");
    }

    @Test
    void hidesEveryHeaderIfAsked() {
        var plugin = plugin(Map.of("minute", 1, "hide_client_headers", true));

        assertThat(headers(plugin, ExchangeFixture.get("/"))).isEmpty();
        assertThat(headers(plugin, ExchangeFixture.get("/")))
                .containsExactly("Content-Type: application/json; charset=utf-8");
    }

    @Test
    void saysNothingIfAnEarlierPluginAnswered() {
        var plugin = plugin(Map.of("minute", 1));
        var exchange = ExchangeFixture.get("/").responds(401);

        assertThat(exchange.responseHead(plugin).headers().lines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "second=5,                 RateLimit-Reset: 1",
        "'minute=5',               RateLimit-Reset: 45",
        "'hour=5',                 RateLimit-Reset: 2385",
        "'day=5',                  RateLimit-Reset: 49185",
        "'month=5',                RateLimit-Reset: 2295585",
        "'year=5',                 RateLimit-Reset: 26142",
        "'minute=5,hour=5',        RateLimit-Reset: 2385",
        "'minute=5,hour=5,day=6',  RateLimit-Reset: 2385",
    })
    void resetsWithTheTightestPeriodOfEqualsTheLonger(String limits, String expected) {
        var time = limits.equals("year=5") ? "2026-12-31T16:44:18Z" : "2026-03-04T10:20:15.900Z";
        context.clock().set(Instant.parse(time));
        var config = new HashMap<String, Object>();
        for (String limit : limits.split(",")) {
            config.put(limit.split("=")[0], Integer.valueOf(limit.split("=")[1]));
        }

        assertThat(headers(plugin(config), ExchangeFixture.get("/"))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"sliding, 61", "bucket, 20"})
    void otherWindowsResetWhenTheNextTokenComes(String type, String seconds) {
        context.clock().set(Instant.parse("2026-03-04T10:20:15.900Z"));
        var plugin = plugin(Map.of("minute", 3, "window_type", type));

        assertThat(headers(plugin, ExchangeFixture.get("/")))
                .contains("X-RateLimit-Remaining-Minute: 2", "RateLimit-Reset: " + seconds)
                .noneMatch(line -> line.startsWith("Retry-After"));
        headers(plugin, ExchangeFixture.get("/"));
        headers(plugin, ExchangeFixture.get("/"));
        context.clock().advance(Duration.ofMillis(1500));
        var refused = headers(plugin, ExchangeFixture.get("/"));

        assertThat(refused).contains("RateLimit-Remaining: 0");
        assertThat(number(refused, "Retry-After"))
                .isEqualTo(number(refused, "RateLimit-Reset"))
                .isBetween(1L, Long.parseLong(seconds));
    }

    @ParameterizedTest
    @CsvSource({"2.5, 3, 2.5, 1.5", "0.5, 1, 0.5, 0", "4.0, 4, 4, 3"})
    void aFractionAdmitsOneMoreRequestAndPrintsAsGiven(double limit, int admitted, String shown, String left) {
        var plugin = plugin(Map.of("minute", limit));

        assertThat(headers(plugin, ExchangeFixture.get("/")))
                .contains("X-RateLimit-Limit-Minute: " + shown, "RateLimit-Remaining: " + left);
        for (int i = 1; i < admitted; i++) {
            assertThat(ExchangeFixture.get("/").access(plugin)).isEqualTo(Verdict.CONTINUE);
        }
        assertThat(ExchangeFixture.get("/").access(plugin)).isInstanceOf(Verdict.Answer.class);
    }

    @Test
    void opensAgainWithTheNextCalendarWindow() {
        context.clock().set(Instant.parse("2026-03-04T10:20:59.999Z"));
        var plugin = plugin(Map.of("minute", 1));

        assertThat(ExchangeFixture.get("/").access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(ExchangeFixture.get("/").access(plugin)).isNotEqualTo(Verdict.CONTINUE);
        context.clock().advance(Duration.ofMillis(1));
        assertThat(ExchangeFixture.get("/").access(plugin)).isEqualTo(Verdict.CONTINUE);
    }

    static Stream<Arguments> identities() {
        var ann = ConfigFixture.consumer("ann");
        var bob = ConfigFixture.consumer("bob");
        return Stream.of(
                same(
                        "consumer",
                        Map.of(),
                        get("1.1.1.1").consumer(ann),
                        get("2.2.2.2").consumer(ann)),
                other(
                        "consumer",
                        Map.of(),
                        get("1.1.1.1").consumer(ann),
                        get("1.1.1.1").consumer(bob)),
                other("consumer", Map.of(), get("1.1.1.1"), get("2.2.2.2")),
                same("consumer", Map.of(), get("1.1.1.1"), get("1.1.1.1")),
                same("consumer", Map.of(), credentialOnly("1.1.1.1", 7), credentialOnly("2.2.2.2", 7)),
                same("credential", Map.of(), credentialOnly("1.1.1.1", 7), credentialOnly("2.2.2.2", 7)),
                other("credential", Map.of(), credentialOnly("1.1.1.1", 7), credentialOnly("1.1.1.1", 8)),
                same("credential", Map.of(), get("1.1.1.1"), get("1.1.1.1")),
                same(
                        "ip",
                        Map.of(),
                        get("1.1.1.1").consumer(ann),
                        get("1.1.1.1").consumer(bob)),
                other(
                        "ip",
                        Map.of(),
                        get("1.1.1.1").consumer(ann),
                        get("2.2.2.2").consumer(ann)),
                same("service", Map.of(), service("1.1.1.1", "s"), service("2.2.2.2", "s")),
                other("service", Map.of(), service("1.1.1.1", "s"), service("1.1.1.1", "t")),
                other("service", Map.of(), get("1.1.1.1"), get("2.2.2.2")),
                same(
                        "header",
                        key(),
                        get("1.1.1.1").header("x-key", "a"),
                        get("2.2.2.2").header("X-Key", "a")),
                other(
                        "header",
                        key(),
                        get("1.1.1.1").header("x-key", "a"),
                        get("1.1.1.1").header("x-key", "b")),
                other("header", key(), get("1.1.1.1"), get("2.2.2.2").header("x-key", "1.1.1.1")),
                same("header", key(), get("1.1.1.1"), get("1.1.1.1").header("x-key", "")),
                same("path", path(), at("1.1.1.1", "/api?a"), at("2.2.2.2", "/api?b")),
                other("path", path(), at("1.1.1.1", "/api/x"), at("2.2.2.2", "/api/x")),
                same("path", path(), at("1.1.1.1", "/api/x"), at("1.1.1.1", "/other")));
    }

    @ParameterizedTest
    @MethodSource("identities")
    void countsByIdentity(
            String by, Map<String, Object> more, ExchangeFixture first, ExchangeFixture second, boolean together) {
        var config = new HashMap<String, Object>(more);
        config.putAll(Map.of("limit_by", by, "minute", 1));
        var plugin = plugin(config);

        assertThat(first.access(plugin)).isEqualTo(Verdict.CONTINUE);
        var verdict = second.access(plugin);

        assertThat(verdict == Verdict.CONTINUE).isEqualTo(!together);
    }

    @Test
    void aChangedLimitDoesNotStartCountingAfresh() {
        var before = plugin(Map.of("minute", 2));
        ExchangeFixture.get("/").access(before);
        ExchangeFixture.get("/").access(before);

        var after = plugin(Map.of("minute", 3));

        assertThat(headers(after, ExchangeFixture.get("/"))).contains("X-RateLimit-Remaining-Minute: 0");
        assertThat(ExchangeFixture.get("/").access(after)).isNotEqualTo(Verdict.CONTINUE);
    }

    @Test
    void twoConfigurationsCountApart() {
        var factory = new RateLimitingPlugin.Factory();
        var settings = PluginContextFixture.checked(factory, Map.of("minute", 1));

        var one = context.create(factory, ConfigFixture.plugin("one", settings));
        var two = context.create(factory, ConfigFixture.plugin("two", settings));

        assertThat(ExchangeFixture.get("/").access(one)).isEqualTo(Verdict.CONTINUE);
        assertThat(ExchangeFixture.get("/").access(two)).isEqualTo(Verdict.CONTINUE);
        assertThat(ExchangeFixture.get("/").access(one)).isNotEqualTo(Verdict.CONTINUE);
    }

    @Test
    void saysOnceWhatOfARedisPolicyIsNotUsed() {
        try (var log = CapturedLog.of(RuleSettings.class)) {
            plugin(Map.of("minute", 1, "policy", "redis", "redis", Map.of("host", "r")));
            plugin(Map.of("minute", 1, "policy", "redis", "redis", Map.of("host", "r")));
            plugin(Map.of("minute", 1, "policy", "cluster"));
            plugin(Map.of("minute", 1, "policy", "local"));

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN policy 'redis': the cluster counts by itself, as with 'cluster'; "
                            + "not used: redis.*, sync_rate plugin=");
        }
    }

    private static ExchangeFixture get(String ip) {
        return at(ip, "/");
    }

    private static ExchangeFixture at(String ip, String target) {
        return ExchangeFixture.get(target).clientIp(ip);
    }

    private static ExchangeFixture service(String ip, String name) {
        return get(ip).service(ConfigFixture.service(name));
    }

    private static ExchangeFixture credentialOnly(String ip, long credential) {
        var exchange = get(ip);
        exchange.authenticate(null, new UUID(0, credential), "identifier");
        return exchange;
    }

    private static Map<String, Object> key() {
        return Map.of("header_name", "x-key");
    }

    private static Map<String, Object> path() {
        return Map.of("path", "/api");
    }

    private static Arguments same(String by, Map<String, Object> more, ExchangeFixture a, ExchangeFixture b) {
        return Arguments.of(by, more, a, b, true);
    }

    private static Arguments other(String by, Map<String, Object> more, ExchangeFixture a, ExchangeFixture b) {
        return Arguments.of(by, more, a, b, false);
    }

    private Plugin plugin(Map<String, Object> settings) {
        return context.create(new RateLimitingPlugin.Factory(), settings);
    }

    private static long number(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " not in " + lines));
    }

    private static List<String> headers(Plugin plugin, ExchangeFixture exchange) {
        exchange.access(plugin);
        HeadersFixture headers = exchange.responseHead(plugin).headers();
        return headers.lines();
    }
}
