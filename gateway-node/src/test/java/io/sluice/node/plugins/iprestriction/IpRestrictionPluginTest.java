package io.sluice.node.plugins.iprestriction;

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
import org.junit.jupiter.params.provider.ValueSource;

class IpRestrictionPluginTest {
    static Stream<Arguments> decides() {
        return Stream.of(
                arguments(List.of("10.0.0.0/8"), List.of(), "10.255.0.1", true),
                arguments(List.of("10.0.0.0/8"), List.of(), "11.0.0.1", false),
                arguments(List.of("10.0.0.1", "10.0.0.3"), List.of(), "10.0.0.3", true),
                arguments(List.of("10.0.0.1"), List.of(), "10.0.0.2", false),
                arguments(List.of(), List.of("10.0.0.0/8"), "10.0.0.1", false),
                arguments(List.of(), List.of("10.0.0.0/8"), "11.0.0.1", true),
                arguments(List.of("10.0.0.0/8"), List.of("10.1.0.0/16"), "10.1.0.1", false),
                arguments(List.of("10.0.0.0/8"), List.of("10.1.0.0/16"), "10.2.0.1", true),
                arguments(List.of("10.1.0.1"), List.of("10.1.0.0/16"), "10.1.0.1", false),
                arguments(List.of("0.0.0.0/0"), List.of(), "203.0.113.9", true),
                arguments(List.of("2001:db8::/33"), List.of(), "2001:db8:7fff::1", true),
                arguments(List.of("2001:db8::/33"), List.of(), "2001:db8:8000::1", false),
                arguments(List.of("0.0.0.0/0"), List.of(), "2001:db8::1", false),
                arguments(List.of("::/0"), List.of(), "10.0.0.1", false),
                arguments(List.of("127.0.0.1"), List.of(), "::ffff:127.0.0.1", true));
    }

    @ParameterizedTest
    @MethodSource
    void decides(List<String> allow, List<String> deny, String client, boolean admitted) {
        var verdict = ExchangeFixture.get("/").clientIp(client).access(plugin(Map.of("allow", allow, "deny", deny)));

        assertThat(verdict instanceof Verdict.Continue).isEqualTo(admitted);
    }

    @Test
    void namesTheAddressItRefused() {
        var exchange = ExchangeFixture.get("/").clientIp("1.2.3.4");

        assertThat(exchange.access(plugin(Map.of("deny", List.of("1.2.3.4")))))
                .isEqualTo(Verdict.error(403, "IP address not allowed: 1.2.3.4"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 451, 599})
    void answersWithAnyStatus(int status) {
        var exchange = ExchangeFixture.get("/");

        exchange.access(plugin(Map.of("deny", List.of("127.0.0.1"), "status", status)));

        assertThat(exchange.response().status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 100, 199.5, 600, 1e300, -403})
    void aStatusThatIsNoneBecomes500(double status) {
        var exchange = ExchangeFixture.get("/");

        exchange.access(plugin(Map.of("deny", List.of("127.0.0.1"), "status", status)));

        assertThat(exchange.response().status()).isEqualTo(500);
    }

    @Test
    void answersWithTheConfiguredStatusAndMessage() {
        var plugin = plugin(Map.of("deny", List.of("127.0.0.1"), "status", 404, "message", "gone"));

        assertThat(ExchangeFixture.get("/").access(plugin)).isEqualTo(Verdict.error(404, "gone"));
    }

    @Test
    void looksAtTheClientAndNotAtThePeer() {
        var exchange = ExchangeFixture.get("/").clientIp("1.2.3.4").peerIp("10.0.0.1");

        assertThat(exchange.access(plugin(Map.of("deny", List.of("10.0.0.1"))))).isEqualTo(Verdict.CONTINUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "10.0.0.256", "10.0.0.0/33", "10.0.0.1-10.0.0.9"})
    void refusesWhatIsNoAddress(String text) {
        var checked = new IpRestrictionPlugin.Factory().settings().check(Map.of("allow", List.of(text)));

        assertThat(checked.error()).isEqualTo(Map.of("allow", List.of("invalid ip or cidr range: '" + text + "'")));
    }

    @Test
    void refusesToRestrictNothing() {
        var checked = new IpRestrictionPlugin.Factory().settings().check(Map.of("allow", List.of()));

        assertThat(checked.error())
                .isEqualTo(
                        Map.of("@entity", List.of("at least one of these fields must be non-empty: 'allow', 'deny'")));
    }

    private static Plugin plugin(Map<String, Object> settings) {
        return PluginContextFixture.empty().create(new IpRestrictionPlugin.Factory(), settings);
    }
}
