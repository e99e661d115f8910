package io.sluice.node.plugins.ratelimiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.SlowLimiters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseRateLimitingPluginTest {
    private final PluginContextFixture context = PluginContextFixture.empty();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @Test
    void tellsTheUpstreamWhatIsLeftAndTheClientWhatWasCounted() {
        var plugin = plugin(Map.of());

        var first = exchange(plugin, "video=2, image=1");
        var second = exchange(plugin, "video=1");

        assertThat(first.upstream().headers().value("X-RateLimit-Remaining-video"))
                .isEqualTo("5");
        assertThat(first.upstream().headers().value("X-RateLimit-Remaining-image"))
                .isEqualTo("2");
        assertThat(first.response().headers().lines())
                .containsExactly(
                        "X-RateLimit-Limit-video-minute: 5",
                        "X-RateLimit-Remaining-video-minute: 3",
                        "X-RateLimit-Limit-video-hour: 10",
                        "X-RateLimit-Remaining-video-hour: 8",
                        "X-RateLimit-Limit-image-minute: 2",
                        "X-RateLimit-Remaining-image-minute: 1");
        assertThat(second.upstream().headers().value("X-RateLimit-Remaining-video"))
                .isEqualTo("3");
        assertThat(second.response().headers().value("X-RateLimit-Remaining-video-minute"))
                .isEqualTo("2");
        assertThat(context.tally().admitted()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "'video=2', 3",
        "' video = 2 ', 3",
        "'image=1,video=2,', 3",
        "'video=1, video=3', 2",
        "'video=1.5', 3",
        "'video', 5",
        "'video=', 5",
        "'=2', 5",
        "'video=x', 5",
        "'video=-1', 5",
        "'video=.', 5",
        "'video=1=2', 5",
        "'audio=2', 5",
        "'Video=2', 5",
        "'video=99999999999999999999', 0",
    })
    void readsWhatTheUpstreamSays(String header, String left) {
        var exchange = exchange(plugin(Map.of()), header);

        assertThat(exchange.response().headers().value("X-RateLimit-Remaining-video-minute"))
                .isEqualTo(left);
        assertThat(exchange.response().headers().value("x-kong-limit")).isNull();
        assertThat(exchange.response().status()).isEqualTo(200);
    }

    @Test
    void countsBeyondTheLimitAndThenWithholdsTheBody() {
        var plugin = plugin(Map.of());
        var beyond = exchange(plugin, "video=7");
        var withheld = exchange(plugin, "video=1");
        var free = exchange(plugin, "image=1");

        assertThat(beyond.response().status()).isEqualTo(200);
        assertThat(beyond.responseBody(plugin, "film")).isEqualTo("film");
        assertThat(beyond.response().headers().lines())
                .contains("X-RateLimit-Remaining-video-minute: 0", "X-RateLimit-Remaining-video-hour: 3");
        assertThat(withheld.upstream().headers().value("X-RateLimit-Remaining-video"))
                .isEqualTo("0");
        assertThat(withheld.response().status()).isEqualTo(429);
        assertThat(withheld.responseBody(plugin, "fi", "lm")).isEmpty();
        assertThat(withheld.response().headers().lines())
                .contains("X-RateLimit-Remaining-video-minute: 0", "X-RateLimit-Remaining-video-hour: 3");
        assertThat(free.response().status()).isEqualTo(200);
        assertThat(context.tally().denied()).isEqualTo(1);
    }

    @Test
    void whatIsWithheldIsCountedForNoLimit() {
        var plugin = plugin(Map.of());
        exchange(plugin, "video=5");

        exchange(plugin, "image=1, video=1");

        assertThat(exchange(plugin, "").response().headers().value("X-RateLimit-Remaining-image-minute"))
                .isEqualTo("2");
    }

    @Test
    void blocksBeforeTheUpstreamIfAsked() {
        var plugin = plugin(Map.of("block_on_first_violation", true));
        exchange(plugin, "video=8");
        var blocked = ExchangeFixture.get("/");

        assertThat(blocked.access(plugin)).isInstanceOf(Verdict.Answer.class);

        assertThat(blocked.response().status()).isEqualTo(429);
        assertThat(blocked.response().body()).contains("API rate limit exceeded for 'video'");
        assertThat(blocked.responseHead(plugin).headers().lines()).noneMatch(line -> line.startsWith("X-RateLimit"));
    }

    @Test
    void waitsUntilItIsKnownWhetherAnotherNodeHasSomethingLeft() throws Exception {
        List<SlowLimiters> slow = new ArrayList<>();
        context.limiters(local -> {
            slow.add(new SlowLimiters(local));
            return slow.get(0);
        });
        var plugin = plugin(Map.of("block_on_first_violation", true));
        var exchange = ExchangeFixture.get("/");

        var parked = (Verdict.Later) plugin.access(exchange);
        slow.get(0).answerOne();
        boolean early = parked.verdict().toCompletableFuture().isDone();
        slow.get(0).answerOne();

        assertThat(early).isFalse();
        assertThat(parked.verdict().toCompletableFuture()).isCompletedWithValue(Verdict.CONTINUE);
        assertThat(exchange.upstream().headers().value("X-RateLimit-Remaining-video"))
                .isEqualTo("5");
        assertThat(context.tally().parked()).isEqualTo(1);
    }

    @Test
    void withholdsTheResponseIfNobodyHadAnythingLeftBefore() throws Exception {
        List<SlowLimiters> slow = new ArrayList<>();
        context.limiters(local -> {
            slow.add(new SlowLimiters(local));
            return slow.get(0);
        });
        var plugin = plugin(Map.of());
        var before = waiting(plugin, slow.get(0));
        before.responds(200, "X-Kong-Limit", "video=5").responseHead(plugin);
        var exchange = waiting(plugin, slow.get(0));

        exchange.responds(200, "X-Kong-Limit", "video=1").responseHead(plugin);

        assertThat(exchange.response().status()).isEqualTo(429);
    }

    @Test
    void saysNothingIfTheExchangeEndedBeforeThatWasKnown() {
        context.limiters(SlowLimiters::new);
        var plugin = plugin(Map.of());
        var exchange = ExchangeFixture.get("/");
        plugin.access(exchange);

        assertThat(exchange.responds(200).responseHead(plugin).headers().lines())
                .noneMatch(line -> line.startsWith("X-RateLimit"));
    }

    private static ExchangeFixture waiting(Plugin plugin, SlowLimiters slow) throws Exception {
        var exchange = ExchangeFixture.get("/");
        plugin.access(exchange);
        slow.answerOne();
        slow.answerOne();
        return exchange;
    }

    @Test
    void countsOnceHoweverOftenTheResponsePhasesRun() {
        var plugin = plugin(Map.of());
        var exchange = exchange(plugin, "video=1");
        exchange.responds(200, "x-kong-limit", "video=1");

        exchange.responseHead(plugin);

        assertThat(exchange(plugin, "").response().headers().value("X-RateLimit-Remaining-video-minute"))
                .isEqualTo("4");
    }

    @Test
    void anotherHeaderNameAndHiddenHeaders() {
        var plugin = plugin(Map.of("header_name", "X-Cost", "hide_client_headers", true));
        var exchange = ExchangeFixture.get("/");
        exchange.access(plugin);

        exchange.responds(200, "x-cost", "video=2", "x-kong-limit", "video=1").responseHead(plugin);

        assertThat(exchange.response().headers().lines()).containsExactly("x-kong-limit: video=1");
        var next = ExchangeFixture.get("/");
        next.access(plugin);
        assertThat(next.upstream().headers().value("X-RateLimit-Remaining-video"))
                .isEqualTo("3");
    }

    @Test
    void aDryRunReportsAndNeverWithholds() {
        var plugin = plugin(Map.of("dry_run", true, "block_on_first_violation", true));
        exchange(plugin, "video=5");

        var beyond = exchange(plugin, "video=1");

        assertThat(beyond.response().status()).isEqualTo(200);
        assertThat(beyond.responseBody(plugin, "film")).isEqualTo("film");
        assertThat(beyond.response().headers().value("X-RateLimit-Dry-Run")).isEqualTo("refused");
        assertThat(beyond.logFields()).containsKey("response_ratelimiting_dry_run");
        assertThat(context.tally().dryRunDenied()).isEqualTo(1);
    }

    @Test
    void everyNameHasARuleThatFollowsFromTheConfiguration() {
        List<LimitRule> asked = new ArrayList<>();
        context.limiters(local -> (rule, limits) -> {
            asked.add(rule);
            return local.open(rule, limits);
        });

        plugin(Map.of());

        assertThat(asked).extracting(LimitRule::id).containsExactly(id("video"), id("image"));
    }

    private static UUID id(String name) {
        var text = ConfigFixture.id("response-ratelimiting") + ":" + name;
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private Plugin plugin(Map<String, Object> more) {
        var video = new LinkedHashMap<String, Object>();
        video.put("minute", 5);
        video.put("hour", 10);
        var limits = new LinkedHashMap<String, Object>();
        limits.put("video", video);
        limits.put("image", Map.of("minute", 2));
        var config = new HashMap<String, Object>(more);
        config.put("limits", limits);
        return context.create(new ResponseRateLimitingPlugin.Factory(), config);
    }

    /** Through access and response head; the upstream says the cost unless it is empty. */
    private static ExchangeFixture exchange(Plugin plugin, String cost) {
        var exchange = ExchangeFixture.get("/");
        exchange.access(plugin);
        exchange.responds(200, cost.isEmpty() ? new String[0] : new String[] {"X-Kong-Limit", cost});
        exchange.responseHead(plugin);
        return exchange;
    }
}
