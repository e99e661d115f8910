package io.sluice.node.plugins.ratelimiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Mode;
import io.sluice.state.limit.PeerPolicy;
import io.sluice.state.limit.Reach;
import io.sluice.state.limit.SlowLimiters;
import io.sluice.state.limit.WindowType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What rate-limiting does that Kong's does not: cost, dry run, rules for the cluster, waiting for other nodes. */
class RateLimitingExtensionTest {
    private final PluginContextFixture context = PluginContextFixture.empty();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @Test
    void whatIsLeftNeverRisesWithinAWindow() {
        context.clock().set(Instant.parse("2026-03-04T10:20:00Z"));
        var plugin = plugin(Map.of("minute", 20, "cost", Map.of("header", "x-cost")));
        long before = Long.MAX_VALUE;

        for (int i = 0; i < 59; i++) {
            long left = left(plugin, ExchangeFixture.get("/").header("x-cost", String.valueOf(1 + i % 7)));
            assertThat(left).isBetween(0L, before);
            before = left;
            context.clock().advance(Duration.ofSeconds(1));
        }

        assertThat(before).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "4, 6",
        "10, 0",
        "0010, 0",
        "1000000, 10",
        "1000001, 7",
        "0, 7",
        "-1, 7",
        "1.5, 7",
        "x, 7",
        "99999999999, 7"
    })
    void aHeaderSaysTheCostIfItIsANumberInBounds(String header, long left) {
        var plugin = plugin(Map.of("minute", 10, "cost", Map.of("fixed", 3, "header", "X-Cost")));

        assertThat(left(plugin, ExchangeFixture.get("/").header("x-cost", header)))
                .isEqualTo(left);
    }

    @Test
    void everyRequestCostsTheFixedCost() {
        var plugin = plugin(Map.of("minute", 10, "cost", Map.of("fixed", 4)));

        assertThat(left(plugin, ExchangeFixture.get("/"))).isEqualTo(6);
        assertThat(left(plugin, ExchangeFixture.get("/"))).isEqualTo(2);
        assertThat(ExchangeFixture.get("/").access(plugin)).isInstanceOf(Verdict.Answer.class);
    }

    @Test
    void aDryRunReportsAndNeverRefuses() {
        var plugin = plugin(Map.of("minute", 1, "dry_run", true));
        var good = ExchangeFixture.get("/");
        var beyond = ExchangeFixture.get("/");
        good.access(plugin);

        assertThat(beyond.access(plugin)).isEqualTo(Verdict.CONTINUE);

        assertThat(beyond.responseHead(plugin).headers().lines())
                .contains("RateLimit-Remaining: 0", "X-RateLimit-Dry-Run: refused")
                .noneMatch(line -> line.startsWith("Retry-After"));
        assertThat(beyond.logFields()).containsExactly(Map.entry("rate_limiting_dry_run", "refused"));
        good.responseHead(plugin);
        assertThat(good.logFields()).isEmpty();
        assertThat(context.tally().admitted()).isEqualTo(1);
        assertThat(context.tally().dryRunDenied()).isEqualTo(1);
        assertThat(context.tally().denied()).isZero();
    }

    @Test
    void aHiddenDryRunStillReachesTheLog() {
        var plugin = plugin(Map.of("minute", 1, "dry_run", true, "hide_client_headers", true));
        ExchangeFixture.get("/").access(plugin);
        var beyond = ExchangeFixture.get("/");
        beyond.access(plugin);

        assertThat(beyond.responseHead(plugin).headers().lines()).isEmpty();
        assertThat(beyond.logFields()).containsKey("rate_limiting_dry_run");
    }

    @Test
    void countsWhatItDecided() {
        var plugin = plugin(Map.of("minute", 2));

        for (int i = 0; i < 5; i++) {
            ExchangeFixture.get("/").access(plugin);
        }

        assertThat(context.tally().admitted()).isEqualTo(2);
        assertThat(context.tally().denied()).isEqualTo(3);
        assertThat(context.tally().parked()).isZero();
    }

    private static final int PARK = (int) LimitRule.DEFAULT_PARK.toMillis();

    static Stream<Arguments> rules() {
        return Stream.of(
                rule(Map.of(), Reach.NODE, Mode.STRICT, PeerPolicy.SHARE, PARK),
                rule(
                        Map.of("mode", "available", "park_ms", 50, "fault_tolerant", false),
                        Reach.NODE,
                        Mode.STRICT,
                        PeerPolicy.SHARE,
                        PARK),
                rule(Map.of("policy", "cluster"), Reach.CLUSTER, Mode.STRICT, PeerPolicy.SHARE, PARK),
                rule(
                        Map.of("policy", "redis", "redis", Map.of("host", "r"), "fault_tolerant", false),
                        Reach.CLUSTER,
                        Mode.STRICT,
                        PeerPolicy.CLOSED,
                        PARK),
                rule(
                        Map.of("policy", "cluster", "peer_policy", "open", "fault_tolerant", false, "park_ms", 0),
                        Reach.CLUSTER,
                        Mode.STRICT,
                        PeerPolicy.OPEN,
                        0),
                rule(
                        Map.of("policy", "cluster", "mode", "available", "park_ms", 10_000),
                        Reach.CLUSTER,
                        Mode.AVAILABLE,
                        PeerPolicy.SHARE,
                        10_000));
    }

    private static Arguments rule(Map<String, Object> config, Reach reach, Mode mode, PeerPolicy peers, int park) {
        return Arguments.of(config, reach, mode, peers, Duration.ofMillis(park));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void asksForTheRuleThatTheSettingsSay(
            Map<String, Object> more, Reach reach, Mode mode, PeerPolicy peers, Duration park) {
        List<LimitRule> asked = new ArrayList<>();
        context.limiters(local -> (rule, limits) -> {
            asked.add(rule);
            return local.open(rule, limits);
        });
        var config = new HashMap<String, Object>(more);
        config.put("minute", 1);

        plugin(config);

        assertThat(asked)
                .containsExactly(
                        new LimitRule(ConfigFixture.id("rate-limiting"), reach, WindowType.FIXED, mode, peers, park));
    }

    @Test
    void waitsForAnotherNodeAndThenDecides() throws Exception {
        var slow = new AtomicReference<SlowLimiters>();
        context.limiters(local -> {
            slow.set(new SlowLimiters(local));
            return slow.get();
        });
        var plugin = plugin(Map.of("minute", 1));
        var first = ExchangeFixture.get("/");
        var second = ExchangeFixture.get("/");
        assertThat(first.access(plugin)).isInstanceOf(Verdict.Later.class);
        var later = (Verdict.Later) second.access(plugin);
        assertThat(first.responseHead(plugin).headers().lines())
                .as("nothing is known yet")
                .isEmpty();

        slow.get().answerOne();
        slow.get().answerOne();

        assertThat(later.verdict().toCompletableFuture().join()).isInstanceOf(Verdict.Answer.class);
        assertThat(first.responseHead(plugin).headers().lines()).contains("RateLimit-Remaining: 0");
        assertThat(second.responseHead(plugin).headers().lines()).anyMatch(line -> line.startsWith("Retry-After"));
        assertThat(context.tally().parked()).isEqualTo(2);
        assertThat(context.tally().admitted()).isEqualTo(1);
        assertThat(context.tally().denied()).isEqualTo(1);
    }

    private Plugin plugin(Map<String, Object> settings) {
        return context.create(new RateLimitingPlugin.Factory(), settings);
    }

    private static long left(Plugin plugin, ExchangeFixture exchange) {
        exchange.access(plugin);
        return Long.parseLong(exchange.responseHead(plugin).headers().value("RateLimit-Remaining"));
    }
}
