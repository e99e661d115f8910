package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.proxy.RawClient;
import io.sluice.node.proxy.TestGateway;
import io.sluice.state.limit.SlowLimiters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits hold exactly, however many ask at once. */
class RateLimitIT {

    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/]}
            plugins:
            - {name: rate-limiting, config: {year: 50, policy: local}}
            """;

    @ParameterizedTest
    @CsvSource({"local, fixed", "local, sliding", "local, bucket", "cluster, fixed"})
    void admitsExactlyTheLimitOf256AtOnce(String policy, String window) {
        String yaml = BASE.replace("policy: local", "policy: " + policy + ", window_type: " + window);
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                clients.add(pipeline.gateway().client());
            }
            clients.forEach(client -> client.send(Pipeline.request("GET /")));
            List<RawClient.Response> responses =
                    clients.stream().map(RawClient::readResponse).toList();
            clients.forEach(RawClient::close);

            List<RawClient.Response> admitted =
                    responses.stream().filter(one -> one.status() == 200).toList();
            List<RawClient.Response> refused =
                    responses.stream().filter(one -> one.status() == 429).toList();
            assertThat(admitted).hasSize(50);
            assertThat(refused).hasSize(206);
            assertThat(pipeline.upstream().pending()).isEqualTo(50);
            assertThat(admitted)
                    .allSatisfy(one -> {
                        assertThat(one.header("X-RateLimit-Limit-Year")).contains("50");
                        assertThat(one.header("RateLimit-Limit")).contains("50");
                        assertThat(one.header("Retry-After")).isEmpty();
                    })
                    .extracting(one ->
                            Integer.parseInt(one.header("RateLimit-Remaining").orElseThrow()))
                    .doesNotHaveDuplicates()
                    .allMatch(left -> left >= 0 && left < 50);
            assertThat(refused).allSatisfy(one -> {
                assertThat(one.header("RateLimit-Remaining")).contains("0");
                assertThat(one.header("Retry-After")).isEqualTo(one.header("RateLimit-Reset"));
                assertThat(one.body()).contains("API rate limit exceeded", "request_id");
            });
        }
    }

    @Test
    void countsGoOnOverAReload() {
        try (Pipeline pipeline = Pipeline.of(BASE)) {
            assertThat(pipeline.send("GET /").header("RateLimit-Remaining")).contains("49");

            pipeline.reload(BASE + "- {name: correlation-id}\n");

            assertThat(pipeline.send("GET /").header("RateLimit-Remaining")).contains("48");
        }
    }

    @Test
    void theHeadersCanBeHidden() {
        try (Pipeline pipeline = Pipeline.of(BASE.replace("year: 50", "year: 1, hide_client_headers: true"))) {
            RawClient.Response admitted = pipeline.send("GET /");
            RawClient.Response refused = pipeline.send("GET /");

            assertThat(admitted.head()).doesNotContainIgnoringCase("ratelimit");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.head()).doesNotContainIgnoringCase("ratelimit").doesNotContain("Retry-After");
        }
    }

    @Test
    void waitsForAnotherNodeAndThenAnswers() throws Exception {
        SlowLimiters slow = new SlowLimiters(TestGateway.localLimiters());
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.ok(), BASE.replace("year: 50", "year: 1"), slow);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /"));
            slow.answerOne();
            RawClient.Response admitted = client.readResponse();
            client.send(Pipeline.request("GET /"));
            slow.answerOne();
            RawClient.Response refused = client.readResponse();

            assertThat(admitted.status()).isEqualTo(200);
            assertThat(admitted.header("RateLimit-Remaining")).contains("0");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).isEqualTo(refused.header("RateLimit-Reset"));
            assertThat(pipeline.upstream().pending()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatLeavesWhileItWaitsHarmsNobody() throws Exception {
        SlowLimiters slow = new SlowLimiters(TestGateway.localLimiters());
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.ok(), BASE, slow);
                RawClient next = pipeline.gateway().client()) {
            RawClient gone = pipeline.gateway().client();
            gone.send(Pipeline.request("GET /gone"));
            await().until(() -> slow.waiting() == 1);

            gone.reset();
            await().until(() -> pipeline.gateway().activeRequests() == 0);
            slow.answerOne();

            next.send(Pipeline.request("GET /next"));
            slow.answerOne();
            assertThat(next.readResponse().status()).isEqualTo(200);
            assertThat(pipeline.seen().requestLine()).contains("/next");
        }
    }

    @Test
    void aDryRunRefusesNobody() {
        String yaml = BASE.replace("year: 50", "year: 1, dry_run: true");
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            RawClient.Response good = pipeline.send("GET /");
            RawClient.Response beyond = pipeline.send("GET /");

            assertThat(good.header("X-RateLimit-Dry-Run")).isEmpty();
            assertThat(beyond.status()).isEqualTo(200);
            assertThat(beyond.header("X-RateLimit-Dry-Run")).contains("refused");
            assertThat(beyond.header("RateLimit-Remaining")).contains("0");
        }
    }
}
