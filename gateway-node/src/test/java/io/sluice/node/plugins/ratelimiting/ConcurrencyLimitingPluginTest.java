package io.sluice.node.plugins.ratelimiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.limit.SlowLimiters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConcurrencyLimitingPluginTest {
    private final PluginContextFixture context = PluginContextFixture.empty();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(Map.of(), Map.of("limit", "required field missing")),
                Arguments.of(Map.of("limit", 0), Map.of("limit", "value must be greater than 0")),
                Arguments.of(Map.of("limit", 1.5), Map.of("limit", "expected an integer")),
                Arguments.of(
                        Map.of("limit", 1, "policy", "redis"), Map.of("policy", "expected one of: local, cluster")),
                Arguments.of(
                        Map.of("limit", 1, "limit_by", "header"),
                        Map.of(
                                "@entity",
                                List.of("failed conditional validation given value of field 'config.limit_by'"),
                                "header_name",
                                "required field missing")));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWrongSettings(Map<String, Object> config, Map<String, Object> error) {
        var schema = new ConcurrencyLimitingPlugin.Factory().settings();

        assertThat(schema.check(config).error()).isEqualTo(error);
    }

    @Test
    void refusesWhileTooManyAreInFlight() {
        var plugin = plugin(Map.of("limit", 2));
        var first = ExchangeFixture.get("/");
        var third = ExchangeFixture.get("/");

        assertThat(first.access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(ExchangeFixture.get("/").access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(third.access(plugin)).isInstanceOf(Verdict.Answer.class);

        assertThat(third.response().status()).isEqualTo(429);
        assertThat(third.response().body()).contains("Too many requests at a time");
        assertThat(first.responseHead(plugin).headers().lines())
                .containsExactly("X-Concurrency-Limit: 2", "X-Concurrency-Remaining: 1");
        assertThat(third.responseHead(plugin).headers().lines())
                .contains("X-Concurrency-Limit: 2", "X-Concurrency-Remaining: 0", "Retry-After: 1");
    }

    @Test
    void aPlaceIsGivenBackOnceWhenTheExchangeEnds() {
        var plugin = plugin(Map.of("limit", 2));
        var first = ExchangeFixture.get("/");
        var second = ExchangeFixture.get("/");
        var refused = ExchangeFixture.get("/");
        first.access(plugin);
        second.access(plugin);
        refused.access(plugin);

        plugin.log(refused);
        plugin.log(first);
        plugin.log(first);

        assertThat(ExchangeFixture.get("/").access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(ExchangeFixture.get("/").access(plugin)).isNotEqualTo(Verdict.CONTINUE);
    }

    @Test
    void anExchangeThatAnEarlierPluginAnsweredHasNoPlace() {
        var plugin = plugin(Map.of("limit", 1));
        ExchangeFixture.get("/").access(plugin);
        var answered = ExchangeFixture.get("/").responds(401);

        answered.responseHead(plugin);
        plugin.log(answered);

        assertThat(answered.response().headers().lines()).isEmpty();
        assertThat(ExchangeFixture.get("/").access(plugin)).isNotEqualTo(Verdict.CONTINUE);
    }

    @Test
    void aClientThatLeftWhileItWaitedHoldsNoPlace() throws Exception {
        var slow = new AtomicReference<SlowLimiters>();
        context.limiters(local -> {
            slow.set(new SlowLimiters(local));
            return slow.get();
        });
        var plugin = plugin(Map.of("limit", 1));
        var gone = ExchangeFixture.get("/");
        var next = ExchangeFixture.get("/");
        gone.access(plugin);

        plugin.log(gone);
        slow.get().answerOne();

        var later = (Verdict.Later) next.access(plugin);
        slow.get().answerOne();
        assertThat(later.verdict().toCompletableFuture().join()).isEqualTo(Verdict.CONTINUE);
        plugin.log(next);
        var last = (Verdict.Later) ExchangeFixture.get("/").access(plugin);
        slow.get().answerOne();
        assertThat(last.verdict().toCompletableFuture().join()).isEqualTo(Verdict.CONTINUE);
        assertThat(context.tally().parked()).isEqualTo(3);
    }

    @Test
    void countsClientsApart() {
        var plugin = plugin(Map.of("limit", 1, "limit_by", "ip", "policy", "local"));

        assertThat(ExchangeFixture.get("/").clientIp("1.1.1.1").access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(ExchangeFixture.get("/").clientIp("2.2.2.2").access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(ExchangeFixture.get("/").clientIp("1.1.1.1").access(plugin)).isNotEqualTo(Verdict.CONTINUE);
    }

    @Test
    void aDryRunReportsAndNeverRefuses() {
        var plugin = plugin(Map.of("limit", 1, "dry_run", true));
        var first = ExchangeFixture.get("/");
        first.access(plugin);
        var beyond = ExchangeFixture.get("/");

        assertThat(beyond.access(plugin)).isEqualTo(Verdict.CONTINUE);

        assertThat(beyond.responseHead(plugin).headers().lines())
                .containsExactly(
                        "X-Concurrency-Limit: 1", "X-Concurrency-Remaining: 0", "X-Concurrency-Dry-Run: refused");
        assertThat(beyond.logFields()).containsKey("concurrency_limiting_dry_run");
        plugin.log(beyond);
        plugin.log(first);
        var next = ExchangeFixture.get("/");
        next.access(plugin);
        next.responseHead(plugin);
        assertThat(next.logFields()).isEmpty();
    }

    @Test
    void answersAsConfiguredAndHidesItsHeaders() {
        var plugin =
                plugin(Map.of("limit", 1, "error_code", 503, "error_message", "busy", "hide_client_headers", true));
        ExchangeFixture.get("/").access(plugin);
        var refused = ExchangeFixture.get("/");

        refused.access(plugin);

        assertThat(refused.response().status()).isEqualTo(503);
        assertThat(refused.response().body()).contains("busy");
        assertThat(refused.responseHead(plugin).headers().lines())
                .containsExactly("Content-Type: application/json; charset=utf-8");
    }

    private Plugin plugin(Map<String, Object> settings) {
        return context.create(new ConcurrencyLimitingPlugin.Factory(), settings);
    }
}
