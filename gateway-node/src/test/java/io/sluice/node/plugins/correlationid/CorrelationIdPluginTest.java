package io.sluice.node.plugins.correlationid;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorrelationIdPluginTest {
    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

    @ParameterizedTest
    @CsvSource({
        "uuid, " + UUID,
        "uuid#counter, " + UUID + "#1",
        "tracker, 10\\.1\\.2\\.3-80-\\d+-54321-1-1767225600\\.000"
    })
    void generatesAnIdForTheUpstream(String generator, String pattern) {
        var plugin = plugin(Map.of("generator", generator));
        var exchange = ExchangeFixture.get("/").peerIp("10.1.2.3");

        assertThat(exchange.access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.upstream().headers().value("Kong-Request-ID")).matches(pattern);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uuid", "uuid#counter", "tracker"})
    void neverGeneratesTheSameIdTwice(String generator) {
        var plugin = plugin(Map.of("generator", generator));
        var first = ExchangeFixture.get("/");
        var second = ExchangeFixture.get("/");

        first.access(plugin);
        second.access(plugin);

        assertThat(second.upstream().headers().value("Kong-Request-ID"))
                .isNotEqualTo(first.upstream().headers().value("Kong-Request-ID"));
    }

    @Test
    void countsUpBehindOneUuid() {
        var plugin = plugin(Map.of());
        ExchangeFixture.get("/").access(plugin);
        var second = ExchangeFixture.get("/");

        second.access(plugin);

        assertThat(second.upstream().headers().value("Kong-Request-ID")).matches(UUID + "#2");
    }

    @Test
    void keepsTheIdThatTheClientSentAndEchoesIt() {
        var plugin = plugin(Map.of("header_name", "X-Id", "echo_downstream", true));
        var exchange = ExchangeFixture.get("/").header("x-id", "mine");

        exchange.access(plugin);

        assertThat(exchange.upstream().headers().values("X-Id")).containsExactly("mine");
        assertThat(exchange.responseHead(plugin).headers().values("X-Id")).containsExactly("mine");
    }

    @Test
    void replacesAnEmptyId() {
        var exchange = ExchangeFixture.get("/").header("Kong-Request-ID", "");

        exchange.access(plugin(Map.of()));

        assertThat(exchange.upstream().headers().values("Kong-Request-ID"))
                .singleElement()
                .asString()
                .isNotEmpty();
    }

    @Test
    void echoesTheIdTheUpstreamGotInPlaceOfTheUpstreamsOwn() {
        var plugin = plugin(Map.of("echo_downstream", true));
        var exchange = ExchangeFixture.get("/").responds(200, "Kong-Request-ID", "other");

        exchange.access(plugin);

        assertThat(exchange.responseHead(plugin).headers().values("Kong-Request-ID"))
                .containsExactly(exchange.upstream().headers().value("Kong-Request-ID"));
    }

    @Test
    void echoesAnIdEvenIfTheExchangeEndedBeforeItsAccessPhase() {
        var exchange = ExchangeFixture.get("/");

        var response = exchange.responseHead(plugin(Map.of("echo_downstream", true)));

        assertThat(response.headers().value("Kong-Request-ID")).matches(UUID + "#1");
    }

    @Test
    void leavesTheResponseAloneUnlessAsked() {
        var plugin = plugin(Map.of());
        var exchange = ExchangeFixture.get("/");

        exchange.access(plugin);

        assertThat(exchange.responseHead(plugin).headers().lines()).isEmpty();
    }

    @Test
    void refusesAHeaderNameThatCannotBeSent() {
        var checked = new CorrelationIdPlugin.Factory().settings().check(Map.of("header_name", "a b"));

        assertThat(checked.error()).isEqualTo(Map.of("header_name", "bad header name 'a b' (expected: a token)"));
    }

    private static Plugin plugin(Map<String, Object> settings) {
        return PluginContextFixture.empty().create(new CorrelationIdPlugin.Factory(), settings);
    }
}
