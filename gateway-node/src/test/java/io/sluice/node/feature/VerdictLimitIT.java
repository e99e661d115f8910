package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.plugin.CapturedLog;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.proxy.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Plugins that never decide. */
class VerdictLimitIT {

    private static final Duration LIMIT = Duration.ofMillis(200);
    private static final HeaderName MINE = HeaderName.of("X-Mine");
    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: good, service: s, paths: [/good], strip_path: false}
            - {name: r, service: s, paths: [/r], strip_path: false}
            plugins:
            - {name: later, route: r}
            """;

    private record Parked(Exchange exchange, CompletableFuture<Verdict> verdict) {}

    private final BlockingQueue<Parked> parked = new LinkedBlockingQueue<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final TestPlugin later = new TestPlugin("later", 700, value -> new Parking());

    private final class Parking implements Plugin {
        @Override
        public Verdict access(Exchange exchange) {
            CompletableFuture<Verdict> verdict = new CompletableFuture<>();
            parked.add(new Parked(exchange, verdict));
            return new Verdict.Later(verdict);
        }

        @Override
        public void log(Exchange exchange) {
            ended.incrementAndGet();
        }
    }

    @Test
    void aPluginThatNeverDecidesIsStatus500AndNamedOnce() throws Exception {
        try (CapturedLog log = CapturedLog.of("io.sluice.node.proxy.PhaseRunner");
                Pipeline pipeline = Pipeline.patient(LIMIT, BASE, later);
                RawClient client = pipeline.gateway().client()) {
            long start = System.nanoTime();
            client.send(Pipeline.request("GET /r"));

            RawClient.Response response = client.readResponse();

            assertThat(System.nanoTime() - start)
                    .isGreaterThanOrEqualTo(LIMIT.minusMillis(10).toNanos());
            String id = response.header("X-Kong-Request-Id").orElseThrow();
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body()).contains("An unexpected error occurred", id);
            assertThat(log.lines()).containsExactly("ERROR plugin failed plugin=\"later\" request_id=\"" + id + "\"");
            assertThat(ended).hasValue(1);
        }
    }

    @Test
    void aVerdictThatComesTooLateTouchesNoOtherRequest() throws Exception {
        try (CapturedLog log = CapturedLog.of("io.sluice.node.proxy.PhaseRunner");
                Pipeline pipeline = Pipeline.patient(LIMIT, BASE, later);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /r") + Pipeline.request("GET /good"));
            Parked late = parked.poll(10, TimeUnit.SECONDS);
            RawClient.Response response = client.readResponse();

            late.exchange().upstream().headers().set(MINE, "late");
            late.verdict().complete(Verdict.CONTINUE);

            assertThat(response.header("Connection")).contains("close");
            assertThat(client.untilEnd()).doesNotContain("HTTP/1.1");
            assertThat(pipeline.send("GET /good").status()).isEqualTo(200);
            assertThat(pipeline.seen().header("X-Mine")).isEmpty();
            assertThat(pipeline.upstream().pending()).isZero();
            assertThat(log.lines()).hasSize(1);
            assertThat(ended).hasValue(1);
        }
    }

    @Test
    void aVerdictPutOffAgainHasItsOwnTime() throws Exception {
        try (Pipeline pipeline = Pipeline.patient(Duration.ofSeconds(2), BASE, later);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /r"));
            CompletableFuture<Verdict> verdict =
                    parked.poll(10, TimeUnit.SECONDS).verdict();

            verdict.complete(new Verdict.Later(inTurns(2)));

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    /** Each turn is shorter than two seconds, also on a busy machine, and two of them are longer. */
    private static CompletionStage<Verdict> inTurns(int turns) {
        return CompletableFuture.supplyAsync(
                () -> turns == 1 ? Verdict.CONTINUE : new Verdict.Later(inTurns(turns - 1)),
                CompletableFuture.delayedExecutor(1_100, TimeUnit.MILLISECONDS));
    }

    @Test
    void whatAPluginStillReadsStaysItsRequestAfterTheClientHasGone() throws Exception {
        try (Pipeline pipeline = Pipeline.patient(Duration.ofMinutes(1), BASE, later)) {
            RawClient client = pipeline.gateway().client();
            client.send(Pipeline.request("GET /r", "X-Mine: first"));
            Exchange exchange = parked.poll(10, TimeUnit.SECONDS).exchange();
            client.reset();
            await().until(() -> pipeline.gateway().openConnections() == 0);

            List<RawClient> others = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                others.add(pipeline.gateway().client().send(Pipeline.request("GET /r", "X-Mine: other")));
                parked.poll(10, TimeUnit.SECONDS);
            }

            assertThat(exchange.request().headers().first(MINE)).contains("first");
            others.forEach(RawClient::close);
        }
    }
}
