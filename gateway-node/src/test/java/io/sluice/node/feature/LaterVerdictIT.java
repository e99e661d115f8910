package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.plugin.BodyTooLargeException;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.proxy.RawClient;
import io.sluice.node.settings.ClientSettings;
import io.sluice.node.settings.ProxySettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins that take their time, and plugins that want the body first. */
class LaterVerdictIT {

    private static final HeaderName THREAD = HeaderName.of("X-Thread");
    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: good, service: s, paths: [/good], strip_path: false}
            - {name: r, service: s, paths: [/r]}
            plugins:
            - {name: later, route: r}
            """;

    private final BlockingQueue<CompletableFuture<Verdict>> parked = new LinkedBlockingQueue<>();
    private final AtomicInteger logged = new AtomicInteger();
    private final TestPlugin later = new TestPlugin("later", 700, value -> new Parking());

    private final class Parking implements Plugin {
        @Override
        public Verdict access(Exchange exchange) {
            CompletableFuture<Verdict> verdict = new CompletableFuture<>();
            parked.add(verdict);
            return new Verdict.Later(verdict);
        }

        @Override
        public void responseHead(Exchange exchange) {
            exchange.response().headers().set(THREAD, Thread.currentThread().getName());
        }

        @Override
        public void log(Exchange exchange) {
            logged.incrementAndGet();
        }
    }

    @Test
    void goesOnWhenAnotherThreadDecides() throws Exception {
        try (Pipeline pipeline = Pipeline.of(BASE, later);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /r") + Pipeline.request("GET /good"));
            CompletableFuture<Verdict> verdict = parked.poll(10, TimeUnit.SECONDS);
            assertThat(pipeline.upstream().pending()).isZero();

            complete(() -> verdict.complete(Verdict.CONTINUE));

            RawClient.Response response = client.readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("X-Thread").orElseThrow()).isNotEqualTo("decider");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void answersWhatAnotherThreadAnswers() throws Exception {
        try (Pipeline pipeline = Pipeline.of(BASE, later);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /r"));
            CompletableFuture<Verdict> verdict = parked.poll(10, TimeUnit.SECONDS);

            complete(() -> verdict.complete(Verdict.error(402, "pay")));

            RawClient.Response response = client.readResponse();
            assertThat(response.status()).isEqualTo(402);
            assertThat(response.body()).contains("pay");
        }
    }

    @Test
    void aVerdictMayBePutOffAgain() throws Exception {
        try (Pipeline pipeline = Pipeline.of(BASE, later);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /r"));
            CompletableFuture<Verdict> verdict = parked.poll(10, TimeUnit.SECONDS);
            CompletableFuture<Verdict> second = new CompletableFuture<>();

            complete(() -> verdict.complete(new Verdict.Later(second)));
            complete(() -> second.complete(Verdict.CONTINUE));

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exception", "null"})
    void aFailedDecisionIsStatus500(String how) throws Exception {
        try (Pipeline pipeline = Pipeline.of(BASE, later);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /r"));
            CompletableFuture<Verdict> verdict = parked.poll(10, TimeUnit.SECONDS);

            complete(() -> {
                boolean done = how.equals("null")
                        ? verdict.complete(null)
                        : verdict.completeExceptionally(new IllegalStateException("bug"));
                assertThat(done).isTrue();
            });

            RawClient.Response response = client.readResponse();
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body()).contains("An unexpected error occurred");
            client.send(Pipeline.request("GET /good"));
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerDuringTheDrainSaysThatItIsTheLast() throws Exception {
        try (Pipeline pipeline = Pipeline.of(BASE, later);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /r"));
            CompletableFuture<Verdict> verdict = parked.poll(10, TimeUnit.SECONDS);

            CompletableFuture<Void> drained =
                    pipeline.gateway().server().drain().toCompletableFuture();
            complete(() -> verdict.complete(Verdict.error(402, "pay")));

            RawClient.Response response = client.readResponse();
            assertThat(response.status()).isEqualTo(402);
            assertThat(response.headers("Connection")).containsExactly("close");
            assertThat(client.readToEnd()).isEmpty();
            drained.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aClientThatResetsEndsTheWaiting() throws Exception {
        try (Pipeline pipeline = Pipeline.of(BASE, later)) {
            RawClient client = pipeline.gateway().client();
            client.send(Pipeline.request("GET /r"));
            CompletableFuture<Verdict> verdict = parked.poll(10, TimeUnit.SECONDS);

            client.reset();

            await().until(() -> pipeline.gateway().openConnections() == 0);
            assertThat(pipeline.gateway().activeRequests()).isZero();
            assertThat(logged).hasValue(1);
            complete(() -> verdict.complete(Verdict.CONTINUE));
            assertThat(pipeline.send("GET /good").status()).isEqualTo(200);
            assertThat(pipeline.seen().requestLine()).contains("/good");
        }
    }

    @Test
    void aClientThatHangsUpIsNotKeptForever() throws Exception {
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.ok(), BASE, impatient(), later)) {
            RawClient client = pipeline.gateway().client();
            client.send(Pipeline.request("GET /r"));
            parked.poll(10, TimeUnit.SECONDS);

            client.close();

            await().until(() -> pipeline.gateway().openConnections() == 0);
            assertThat(pipeline.gateway().activeRequests()).isZero();
            assertThat(logged).hasValue(1);
        }
    }

    @Test
    void aClientThatOnlyStoppedSendingGetsItsAnswer() throws Exception {
        try (Pipeline pipeline = Pipeline.of(BASE, later);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /r")).endOutput();
            CompletableFuture<Verdict> verdict = parked.poll(10, TimeUnit.SECONDS);

            complete(() -> verdict.complete(Verdict.CONTINUE));

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    // ---- bodies

    /** Reads the body up to a limit and notes what came of it. */
    private static TestPlugin reader(String name, int priority) {
        HeaderName note = HeaderName.of("X-" + name);
        return new TestPlugin(name, priority, limit -> new Plugin() {
            @Override
            public Verdict access(Exchange exchange) {
                return new Verdict.Later(exchange.request()
                        .body(Long.parseLong(limit))
                        .handle((bytes, failure) -> {
                            Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure;
                            String outcome = cause == null
                                    ? "read " + bytes.size()
                                    : cause instanceof BodyTooLargeException ? "too large" : "?" + cause;
                            exchange.upstream().headers().set(note, outcome);
                            return Verdict.CONTINUE;
                        }));
            }
        });
    }

    private static Pipeline reading(int first, int second) {
        String yaml = BASE.replace("{name: later, route: r}", "{name: one, config: {value: '" + first + "'}}")
                + "- {name: two, config: {value: '" + second + "'}}\n";
        return Pipeline.of(yaml, reader("one", 900), reader("two", 800));
    }

    @Test
    void twoPluginsReadTheSameBody() throws Exception {
        try (Pipeline pipeline = reading(1000, 1000)) {
            pipeline.sendBody("POST /r", "x".repeat(200));
            pipeline.sendChunks("POST /r", List.of("x".repeat(150), "x".repeat(50)));

            for (int i = 0; i < 2; i++) {
                EchoUpstream.Seen seen = pipeline.seen();
                assertThat(seen.header("X-one")).contains("read 200");
                assertThat(seen.header("X-two")).contains("read 200");
                assertThat(seen.body()).isEqualTo("x".repeat(200));
                assertThat(seen.headers("Content-Length")).containsExactly("200");
                assertThat(seen.header("Transfer-Encoding")).isEmpty();
            }
        }
    }

    @Test
    void eachReaderHasItsOwnLimit() throws Exception {
        try (Pipeline pipeline = reading(100, 1000);
                Pipeline reverse = reading(1000, 100)) {
            pipeline.sendBody("POST /r", "x".repeat(200));
            pipeline.sendChunks("POST /r", List.of("x".repeat(150), "x".repeat(50)));
            reverse.sendBody("POST /r", "x".repeat(200));
            reverse.sendChunks("POST /r", List.of("x".repeat(150), "x".repeat(50)));

            for (int i = 0; i < 2; i++) {
                EchoUpstream.Seen seen = pipeline.seen();
                assertThat(seen.header("X-one")).contains("too large");
                assertThat(seen.header("X-two")).contains("read 200");
                assertThat(seen.body()).isEqualTo("x".repeat(200));
                EchoUpstream.Seen other = reverse.seen();
                assertThat(other.header("X-one")).contains("read 200");
                assertThat(other.header("X-two")).contains("too large");
                assertThat(other.body()).isEqualTo("x".repeat(200));
            }
        }
    }

    @Test
    void aBodyTooLargeToBeReadStillReachesTheUpstreamWhole() throws Exception {
        String body = "0123456789".repeat(30_000);
        List<String> chunks = List.of(body.substring(0, 90), body.substring(90, 5000), body.substring(5000));
        try (Pipeline pipeline = reading(100, 120)) {
            assertThat(pipeline.sendBody("POST /r", body).status()).isEqualTo(200);
            EchoUpstream.Seen fixed = pipeline.seen();
            assertThat(pipeline.sendChunks("POST /r", chunks).status()).isEqualTo(200);
            EchoUpstream.Seen chunked = pipeline.seen();

            assertThat(fixed.header("X-two")).contains("too large");
            assertThat(fixed.body()).isEqualTo(body);
            assertThat(chunked.header("X-one")).contains("too large");
            assertThat(chunked.header("X-two")).contains("too large");
            assertThat(chunked.body()).isEqualTo(body);
            assertThat(chunked.headers("Transfer-Encoding")).containsExactly("chunked");
            assertThat(chunked.header("Content-Length")).isEmpty();
        }
    }

    @Test
    void aRequestWithoutABodyStaysOne() throws Exception {
        try (Pipeline pipeline = reading(100, 100)) {
            pipeline.send("GET /r");

            EchoUpstream.Seen seen = pipeline.seen();
            assertThat(seen.header("X-one")).contains("read 0");
            assertThat(seen.header("Content-Length")).isEmpty();
            assertThat(seen.header("Transfer-Encoding")).isEmpty();
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfABodyEndsTheWaiting() throws Exception {
        try (Pipeline pipeline = reading(1000, 1000)) {
            RawClient client = pipeline.gateway().client();
            client.send(Pipeline.request("POST /r", "Content-Length: 500") + "half");
            await().until(() -> pipeline.gateway().activeRequests() == 1);

            client.close();

            await().until(() -> pipeline.gateway().openConnections() == 0);
            assertThat(pipeline.gateway().activeRequests()).isZero();
            assertThat(pipeline.upstream().pending()).isZero();
        }
    }

    private static ProxySettings impatient() {
        ProxySettings given = ProxySettings.DEFAULT;
        ClientSettings client = given.client();
        return new ProxySettings(
                given.trustedIps(),
                given.realIpHeader(),
                given.realIpRecursive(),
                given.headers(),
                given.errorDefaultType(),
                given.portMaps(),
                given.allowDebugHeader(),
                new ClientSettings(
                        client.headerBytes(),
                        client.requestLineBytes(),
                        client.headerLineBytes(),
                        client.headerCount(),
                        client.bodyBytes(),
                        client.headerTimeout(),
                        client.bodyTimeout(),
                        client.minimumBodyRate(),
                        Duration.ofMillis(500),
                        client.sendTimeout(),
                        client.requests(),
                        client.connections()),
                given.pool());
    }

    private static void complete(Runnable action) throws InterruptedException {
        Thread thread = new Thread(action, "decider");
        thread.start();
        thread.join();
    }
}
