package io.sluice.node.plugins.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Consumer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AclPluginTest {
    private static final Consumer ALICE = ConfigFixture.consumer("alice"); // in gold and silver
    private static final Consumer BOB = ConfigFixture.consumer("bob"); // in no group
    private static final Map<String, Object> ALLOW = Map.of("allow", List.of("silver", "bronze"));
    private static final Map<String, Object> DENY = Map.of("deny", List.of("silver", "bronze"));
    private static final Map<String, Object> ALLOW_OTHER = Map.of("allow", List.of("bronze"));
    private static final Map<String, Object> DENY_OTHER = Map.of("deny", List.of("bronze"));

    private final PluginContextFixture context = PluginContextFixture.of(
            ConfigFixture.config().with(ALICE, BOB).acl(ALICE, "gold").acl(ALICE, "silver"));

    static Stream<Arguments> admitted() {
        var aliceGroups = "X-Consumer-Groups: gold, silver";
        return Stream.of(
                arguments(ALLOW, known(ALICE), aliceGroups),
                arguments(DENY_OTHER, known(ALICE), aliceGroups),
                arguments(DENY, known(BOB), ""),
                arguments(ALLOW, anonymous(ALICE), aliceGroups),
                arguments(with(ALLOW, "hide_groups_header"), known(ALICE), ""),
                arguments(ALLOW, get().authenticatedGroups("x", "silver"), "X-Authenticated-Groups: x, silver"),
                arguments(DENY, get().authenticatedGroups("x"), "X-Authenticated-Groups: x"),
                arguments(ALLOW, anonymous(BOB).authenticatedGroups("silver"), "X-Authenticated-Groups: silver"),
                arguments(ALLOW, known(ALICE).authenticatedGroups("x"), aliceGroups),
                arguments(
                        with(ALLOW, "always_use_authenticated_groups"),
                        known(BOB).authenticatedGroups("bronze"),
                        "X-Authenticated-Groups: bronze"),
                arguments(with(ALLOW, "always_use_authenticated_groups"), known(ALICE), aliceGroups),
                arguments(with(ALLOW, "hide_groups_header"), get().authenticatedGroups("silver"), ""));
    }

    @ParameterizedTest
    @MethodSource
    void admitted(Map<String, Object> settings, ExchangeFixture exchange, String header) {
        exchange.header("X-Consumer-Groups", "spoofed").header("x-authenticated-groups", "spoofed");

        assertThat(exchange.access(plugin(settings))).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.upstream().headers().lines())
                .filteredOn(line -> line.contains("Groups") || line.contains("groups"))
                .isEqualTo(header.isEmpty() ? List.of() : List.of(header));
    }

    static Stream<Arguments> refused() {
        var unauthorized = Verdict.error(401, "Unauthorized");
        var forbidden = Verdict.error(403, "You cannot consume this service");
        return Stream.of(
                arguments(ALLOW, get(), unauthorized),
                arguments(DENY, get(), unauthorized),
                arguments(ALLOW, known(null), forbidden),
                arguments(DENY, known(null), forbidden),
                arguments(ALLOW, known(BOB), forbidden),
                arguments(ALLOW, anonymous(BOB), unauthorized),
                arguments(ALLOW_OTHER, known(ALICE), forbidden),
                arguments(ALLOW_OTHER, anonymous(ALICE), forbidden),
                arguments(DENY, known(ALICE), forbidden),
                arguments(DENY, anonymous(ALICE), forbidden),
                arguments(ALLOW, get().authenticatedGroups("x"), forbidden),
                arguments(DENY, get().authenticatedGroups("x", "silver"), forbidden),
                arguments(ALLOW, anonymous(ALICE).authenticatedGroups("x"), forbidden),
                arguments(ALLOW, known(BOB).authenticatedGroups("silver"), forbidden),
                arguments(
                        with(ALLOW, "always_use_authenticated_groups"),
                        known(ALICE).authenticatedGroups("x"),
                        forbidden));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Map<String, Object> settings, ExchangeFixture exchange, Verdict verdict) {
        assertThat(exchange.access(plugin(settings))).isEqualTo(verdict);
    }

    static Stream<Arguments> refusesSettings() {
        var needsOne = "exactly one of these fields must be non-empty: 'allow', 'deny'";
        return Stream.of(
                arguments(Map.of("allow", List.of("a"), "deny", List.of("b")), List.of(needsOne)),
                arguments(
                        Map.of(),
                        List.of(needsOne, "at least one of these fields must be non-empty: 'allow', 'deny'")));
    }

    @ParameterizedTest
    @MethodSource
    void refusesSettings(Map<String, Object> settings, List<String> errors) {
        assertThat(new AclPlugin.Factory().settings().check(settings).error()).isEqualTo(Map.of("@entity", errors));
    }

    @Test
    void groupsOutsideAsciiReachTheUpstreamAsUtf8() {
        var exchange = get().authenticatedGroups("silver", "\u00fc");

        exchange.access(plugin(ALLOW));

        assertThat(exchange.upstream().headers().value("X-Authenticated-Groups"))
                .isEqualTo("silver, \u00c3\u00bc");
    }

    private Plugin plugin(Map<String, Object> settings) {
        return context.create(new AclPlugin.Factory(), settings);
    }

    private static Map<String, Object> with(Map<String, Object> settings, String flag) {
        var more = new HashMap<>(settings);
        more.put(flag, true);
        return more;
    }

    private static ExchangeFixture get() {
        return ExchangeFixture.get("/");
    }

    /** Authenticated by a credential, of this consumer or (null) of none. */
    private static ExchangeFixture known(Consumer consumer) {
        var exchange = get();
        exchange.authenticate(consumer, ConfigFixture.id("credential"), "credential");
        return exchange;
    }

    private static ExchangeFixture anonymous(Consumer consumer) {
        var exchange = get();
        exchange.authenticateAnonymous(consumer);
        return exchange;
    }
}
