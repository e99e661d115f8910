package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.proxy.RawClient;
import io.sluice.node.proxy.TestGateway;
import io.sluice.state.limit.SlowLimiters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only so many requests at a time, and every place comes back. */
class ConcurrencyLimitIT {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/], strip_path: false}
            plugins:
            - {name: concurrency-limiting, config: {limit: 1}}
            """;

    private final CountDownLatch released = new CountDownLatch(1);

    /** Answers requests for /slow only when they are released. */
    private EchoUpstream slow() {
        return EchoUpstream.answering(seen -> {
            try {
                if (seen.requestLine().contains("/slow")) {
                    released.await();
                }
                return OK;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void servesExactlyTheLimitOf64AtOnce() {
        ExecutorService readers = Executors.newCachedThreadPool();
        List<RawClient> clients = new ArrayList<>();
        try (Pipeline pipeline = Pipeline.of(slow(), BASE.replace("limit: 1", "limit: 10"))) {
            for (int i = 0; i < 64; i++) {
                clients.add(pipeline.gateway().client());
            }
            clients.forEach(client -> client.send(Pipeline.request("GET /slow")));
            List<CompletableFuture<RawClient.Response>> responses = clients.stream()
                    .map(client -> CompletableFuture.supplyAsync(client::readResponse, readers))
                    .toList();

            await().until(() ->
                    done(responses).size() == 54 && pipeline.upstream().pending() == 10);
            assertThat(done(responses)).allSatisfy(refused -> {
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.body()).contains("Too many requests at a time");
                assertThat(refused.header("X-Concurrency-Limit")).contains("10");
                assertThat(refused.header("X-Concurrency-Remaining")).contains("0");
                assertThat(refused.header("Retry-After")).contains("1");
            });
            released.countDown();

            assertThat(responses.stream().map(CompletableFuture::join).filter(one -> one.status() == 200))
                    .hasSize(10)
                    .extracting(one -> one.header("X-Concurrency-Remaining").orElseThrow())
                    .doesNotHaveDuplicates();
            await().until(() -> pipeline.gateway().activeRequests() == 0);
            assertThat(pipeline.send("GET /").header("X-Concurrency-Remaining")).contains("9");
        } finally {
            clients.forEach(RawClient::close);
            readers.shutdownNow();
        }
    }

    private static List<RawClient.Response> done(List<CompletableFuture<RawClient.Response>> responses) {
        return responses.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .toList();
    }

    @Test
    void aClientThatLeavesGivesItsPlaceBack() throws Exception {
        try (Pipeline pipeline = Pipeline.of(slow(), BASE)) {
            RawClient gone = pipeline.gateway().client();
            gone.send(Pipeline.request("GET /slow"));
            pipeline.seen();
            assertThat(pipeline.send("GET /").status()).isEqualTo(429);

            gone.reset();

            await().until(() -> pipeline.gateway().activeRequests() == 0);
            assertThat(pipeline.send("GET /").status()).isEqualTo(200);
            released.countDown();
        }
    }

    @Test
    void aClientThatLeavesWhileItWaitsForAPlaceHoldsNone() throws Exception {
        SlowLimiters limiters = new SlowLimiters(TestGateway.localLimiters());
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.ok(), BASE, limiters);
                RawClient next = pipeline.gateway().client()) {
            RawClient gone = pipeline.gateway().client();
            gone.send(Pipeline.request("GET /"));
            await().until(() -> limiters.waiting() == 1);

            gone.reset();
            await().until(() -> pipeline.gateway().activeRequests() == 0);
            limiters.answerOne();

            next.send(Pipeline.request("GET /"));
            limiters.answerOne();
            assertThat(next.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aFailedUpstreamGivesThePlaceBack() {
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.answering("nonsense\r\n\r\n"), BASE);
                RawClient client = pipeline.gateway().client()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(Pipeline.request("GET /")).readResponse().status())
                        .isEqualTo(502);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: request-termination, config: {status_code: 418}}",
                "{name: rate-limiting, config: {year: 1, error_code: 418}}",
                "{name: acl, config: {allow: [nobody]}}"
            })
    void aRequestThatAnotherPluginAnswersGivesItsPlaceBack(String other) {
        try (Pipeline pipeline = Pipeline.of(BASE + "- " + other + "\n");
                RawClient client = pipeline.gateway().client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.send(Pipeline.request("GET /")).readResponse().status())
                        .isNotEqualTo(429);
            }
        }
    }

    @Test
    void aWebSocketHoldsItsPlaceUntilItEnds() throws Exception {
        String upgraded = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
        EchoUpstream upstream =
                EchoUpstream.answering(seen -> seen.header("Upgrade").isPresent() ? upgraded : OK);
        try (Pipeline pipeline = Pipeline.of(upstream, BASE)) {
            RawClient tunnel = pipeline.gateway().client();
            tunnel.send(Pipeline.request(
                    "GET /",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            assertThat(tunnel.readResponse().status()).isEqualTo(101);
            assertThat(pipeline.send("GET /").status()).isEqualTo(429);

            tunnel.close();

            await().until(() -> pipeline.gateway().activeRequests() == 0);
            assertThat(pipeline.send("GET /").status()).isEqualTo(200);
        }
    }

    @Test
    void placesStayTakenOverAReload() throws Exception {
        try (Pipeline pipeline = Pipeline.of(slow(), BASE.replace("limit: 1", "limit: 2"));
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /slow"));
            pipeline.seen();

            pipeline.reload(BASE + "- {name: correlation-id}\n");

            assertThat(pipeline.send("GET /").status()).isEqualTo(429);
            released.countDown();
            assertThat(client.readResponse().status()).isEqualTo(200);
            await().until(() -> pipeline.gateway().activeRequests() == 0);
            assertThat(pipeline.send("GET /").status()).isEqualTo(200);
        }
    }
}
