package io.sluice.node.plugins.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CorsPluginTest {
    private static final String METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS,TRACE,CONNECT";

    static Stream<Arguments> answersPreflights() {
        return Stream.of(
                arguments(Map.of(), List.of("Access-Control-Allow-Origin: *")),
                arguments(Map.of("origins", List.of()), List.of("Access-Control-Allow-Origin: *")),
                arguments(Map.of("origins", List.of("*")), List.of("Access-Control-Allow-Origin: *")),
                arguments(
                        Map.of("origins", List.of("a.test", "*")),
                        List.of("Vary: Origin", "Access-Control-Allow-Origin: *")),
                arguments(
                        Map.of("origins", List.of("*"), "credentials", true),
                        List.of(
                                "Vary: Origin",
                                "Access-Control-Allow-Origin: http://me.test:80",
                                "Access-Control-Allow-Credentials: true")),
                arguments(
                        Map.of("origins", List.of("example.test")),
                        List.of("Vary: Origin", "Access-Control-Allow-Origin: example.test")),
                arguments(
                        Map.of("origins", List.of("http://me.test", "http://you.test"), "credentials", true),
                        List.of(
                                "Vary: Origin",
                                "Access-Control-Allow-Origin: http://me.test",
                                "Access-Control-Allow-Credentials: true")),
                arguments(Map.of("origins", List.of("http://you.test", "http://they.test")), List.of("Vary: Origin")));
    }

    @ParameterizedTest
    @MethodSource
    void answersPreflights(Map<String, Object> settings, List<String> origin) {
        var exchange = preflight("http://me.test:80");

        exchange.access(plugin(settings));

        assertThat(exchange.response().status()).isEqualTo(200);
        assertThat(exchange.response().body()).isEmpty();
        assertThat(exchange.response().headers().lines())
                .containsExactlyElementsOf(
                        Stream.concat(origin.stream(), Stream.of("Access-Control-Allow-Methods: " + METHODS))
                                .toList());
    }

    @Test
    void tellsPreflightsAllThatIsConfigured() {
        var plugin = plugin(Map.of(
                "origins", List.of("example.test"),
                "methods", List.of("GET", "POST"),
                "headers", List.of("origin", "type"),
                "exposed_headers", List.of("x-auth"),
                "max_age", 23,
                "credentials", true,
                "private_network", true));
        var exchange = preflight("http://me.test")
                .header("Access-Control-Request-Headers", "x-other")
                .header("Access-Control-Request-Private-Network", "true");

        exchange.access(plugin);

        assertThat(exchange.response().headers().lines())
                .containsExactly(
                        "Vary: Origin",
                        "Access-Control-Allow-Origin: example.test",
                        "Access-Control-Allow-Credentials: true",
                        "Access-Control-Allow-Headers: origin,type",
                        "Access-Control-Allow-Methods: GET,POST",
                        "Access-Control-Max-Age: 23",
                        "Access-Control-Allow-Private-Network: true");
    }

    @Test
    void allowsTheHeadersThatThePreflightAsksFor() {
        var exchange = preflight("http://me.test").header("Access-Control-Request-Headers", "x-a,x-b");

        exchange.access(plugin(Map.of()));

        assertThat(exchange.response().headers().value("Access-Control-Allow-Headers"))
                .isEqualTo("x-a,x-b");
    }

    @Test
    void allowsPrivateNetworksOnlyIfAskedAndConfigured() {
        var asked = preflight("http://me.test").header("Access-Control-Request-Private-Network", "true");
        var notAsked = preflight("http://me.test");

        asked.access(plugin(Map.of()));
        notAsked.access(plugin(Map.of("private_network", true)));

        assertThat(asked.response().headers().values("Access-Control-Allow-Private-Network"))
                .isEmpty();
        assertThat(notAsked.response().headers().values("Access-Control-Allow-Private-Network"))
                .isEmpty();
    }

    @Test
    void addsNothingToAnAnsweredPreflightLater() {
        var plugin = plugin(Map.of("origins", List.of("example.test"), "exposed_headers", List.of("x-a")));
        var exchange = preflight("http://me.test");
        exchange.access(plugin);
        var before = exchange.response().headers().lines();

        assertThat(exchange.responseHead(plugin).headers().lines()).isEqualTo(before);
    }

    @Test
    void leavesPreflightsToTheUpstreamIfTold() {
        var plugin = plugin(Map.of("preflight_continue", true));
        var exchange = preflight("http://me.test").responds(204, "Access-Control-Allow-Origin", "http://up.test");

        assertThat(exchange.access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.responseHead(plugin).headers().lines())
                .containsExactly("Access-Control-Allow-Origin: http://up.test");
    }

    static Stream<ExchangeFixture> passesWhatIsNoPreflight() {
        return Stream.of(
                ExchangeFixture.request("OPTIONS", "/"),
                ExchangeFixture.request("OPTIONS", "/").header("Origin", "http://me.test"),
                ExchangeFixture.request("OPTIONS", "/").header("Access-Control-Request-Method", "GET"),
                ExchangeFixture.get("/")
                        .header("Origin", "http://me.test")
                        .header("Access-Control-Request-Method", "GET"));
    }

    @ParameterizedTest
    @MethodSource
    void passesWhatIsNoPreflight(ExchangeFixture exchange) {
        var plugin = plugin(Map.of());

        assertThat(exchange.access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.responseHead(plugin).headers().lines()).containsExactly("Access-Control-Allow-Origin: *");
    }

    static Stream<Arguments> marksResponses() {
        var many = List.of("http://me.test", "http://you.test");
        var origin = "http://me.test";
        return Stream.of(
                arguments(Map.of(), null, List.of("Access-Control-Allow-Origin: *")),
                arguments(Map.of("credentials", true), null, List.of("Access-Control-Allow-Origin: *")),
                arguments(
                        Map.of("credentials", true),
                        "http://me.test:3000",
                        List.of(
                                "Vary: Origin",
                                "Access-Control-Allow-Origin: http://me.test:3000",
                                "Access-Control-Allow-Credentials: true")),
                arguments(
                        Map.of("origins", List.of("example.test"), "exposed_headers", List.of("x-a", "x-b")),
                        null,
                        List.of(
                                "Vary: Origin",
                                "Access-Control-Allow-Origin: example.test",
                                "Access-Control-Expose-Headers: x-a,x-b")),
                arguments(Map.of("origins", many), null, List.of("Vary: Origin")),
                arguments(
                        Map.of("origins", many),
                        origin,
                        List.of("Vary: Origin", "Access-Control-Allow-Origin: http://me.test")),
                arguments(
                        Map.of("origins", many, "credentials", true),
                        "http://other.test",
                        List.of("Vary: Origin", "Access-Control-Allow-Credentials: true")));
    }

    @ParameterizedTest
    @MethodSource
    void marksResponses(Map<String, Object> settings, String origin, List<String> expected) {
        var exchange = origin == null
                ? ExchangeFixture.get("/")
                : ExchangeFixture.get("/").header("Origin", origin);

        assertThat(exchange.responseHead(plugin(settings)).headers().lines()).containsExactlyElementsOf(expected);
    }

    @Test
    void overridesWhatTheUpstreamAllowsAndKeepsItsVary() {
        var settings = Map.<String, Object>of("origins", List.of("http://me.test", "http://you.test"));
        var matching = ExchangeFixture.get("/").header("Origin", "http://me.test");
        var foreign = ExchangeFixture.get("/").header("Origin", "http://other.test");

        for (var exchange : List.of(matching, foreign)) {
            exchange.responds(200, "Vary", "Accept", "Access-Control-Allow-Origin", "*")
                    .responseHead(plugin(settings));
        }

        assertThat(matching.response().headers().lines())
                .containsExactly("Vary: Accept", "Access-Control-Allow-Origin: http://me.test", "Vary: Origin");
        assertThat(foreign.response().headers().lines()).containsExactly("Vary: Accept", "Vary: Origin");
    }

    @Test
    void refusesWhatIsNoRegex() {
        var checked = new CorsPlugin.Factory()
                .settings()
                .check(Map.of("origins", List.of("*", "a(", "(?=x)"), "methods", List.of("get")));

        assertThat(checked.error()).asString().contains("'a(' is not a valid regex", "'(?=x)' is not a valid regex");
        assertThat(checked.error()).asString().contains("expected one of: GET, HEAD");
    }

    private static ExchangeFixture preflight(String origin) {
        return ExchangeFixture.request("OPTIONS", "/")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET");
    }

    private static Plugin plugin(Map<String, Object> settings) {
        return PluginContextFixture.empty().create(new CorsPlugin.Factory(), settings);
    }
}
