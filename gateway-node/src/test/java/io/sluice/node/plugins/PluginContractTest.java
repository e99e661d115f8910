package io.sluice.node.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.PluginFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every built-in plugin. */
class PluginContractTest {
    /** The least that a plugin with required settings must be given. */
    private static final Map<String, Map<String, ?>> REQUIRED = Map.ofEntries( //
            Map.entry("acl", Map.of("allow", List.of("group"))), //
            Map.entry("concurrency-limiting", Map.of("limit", 5)), //
            Map.entry("file-log", Map.of("path", "/dev/null")), //
            Map.entry("http-log", Map.of("http_endpoint", "http://127.0.0.1:9/")), //
            Map.entry("ip-restriction", Map.of("deny", List.of("10.0.0.0/8"))), //
            Map.entry("mtls-auth", Map.of("ca_certificates", List.of("11111111-1111-4111-8111-111111111111"))), //
            Map.entry("rate-limiting", Map.of("minute", 5)), //
            Map.entry("response-ratelimiting", Map.of("limits", Map.of("video", Map.of("minute", 5)))));

    @ParameterizedTest
    @MethodSource("factories")
    void namesAreLowerCaseWithDashes(PluginFactory factory) {
        assertThat(factory.name()).matches("[a-z]+(-[a-z]+)*");
    }

    @Test
    void noTwoPluginsShareANameOrAPlaceInTheOrder() {
        assertThat(BuiltInPlugins.all()).extracting(PluginFactory::name).doesNotHaveDuplicates();
        assertThat(BuiltInPlugins.all()).extracting(PluginFactory::priority).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void takesPartInSomePhase(PluginFactory factory) {
        assertThat(factory.phases()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void defaultsAreAcceptedUnlessSomethingIsRequired(PluginFactory factory) {
        var checked = factory.settings().check(Map.of());

        if (!checked.ok()) {
            assertThat(leaves(checked.error())).allMatch(PluginContractTest::asksForMore);
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void acceptsItsOwnDefaultsWhenTheyAreSpelledOut(PluginFactory factory) {
        var settings = PluginContextFixture.checked(factory, least(factory));

        assertThat(factory.settings().check(settings).error()).isNull();
        assertThat(factory.settings().check(settings).value()).isEqualTo(settings);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void survivesAnEmptyRequestInEachOfItsPhases(PluginFactory factory) throws Exception {
        try (var context = PluginContextFixture.empty()) {
            var plugin = context.create(factory, least(factory));
            var exchange = ExchangeFixture.get("/");

            for (Phase phase : Phase.values()) {
                if (factory.phases().contains(phase)) {
                    assertThatCode(() -> run(phase, plugin, exchange))
                            .as(phase.name())
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    private static void run(Phase phase, Plugin plugin, ExchangeFixture exchange) {
        switch (phase) {
            case REWRITE -> exchange.rewrite(plugin);
            case ACCESS -> exchange.access(plugin);
            case RESPONSE_HEAD -> exchange.responseHead(plugin);
            case RESPONSE_BODY -> exchange.responseBody(plugin, "");
            case LOG -> plugin.log(exchange);
        }
    }

    private static boolean asksForMore(String error) {
        return error.equals("required field missing")
                || error.startsWith("at least one of these fields must be non-empty")
                || error.startsWith("exactly one of these fields must be non-empty");
    }

    /** The messages in an error tree. */
    private static Stream<String> leaves(Object error) {
        if (error instanceof Map<?, ?> fields) {
            return fields.values().stream().flatMap(PluginContractTest::leaves);
        }
        return error instanceof List<?> elements
                ? elements.stream().flatMap(PluginContractTest::leaves)
                : Stream.of(String.valueOf(error));
    }

    private static Map<String, ?> least(PluginFactory factory) {
        return REQUIRED.getOrDefault(factory.name(), Map.of());
    }

    static Stream<Named<PluginFactory>> factories() {
        return BuiltInPlugins.all().stream().map(factory -> Named.of(factory.name(), factory));
    }
}
