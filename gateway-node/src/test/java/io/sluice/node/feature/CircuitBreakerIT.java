package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.proxy.RawClient;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An upstream that is left alone while it fails. */
class CircuitBreakerIT {

    /** Seconds; a busy machine may take a good part of one from one request to the next. */
    private static final double SHORT = 2;

    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final AtomicInteger asked = new AtomicInteger();
    private final Targets targets = new Targets();

    @AfterEach
    void closeTargets() {
        targets.close();
    }

    private String config(double openTime) {
        String target = targets.of(EchoUpstream.answering(request -> {
            asked.incrementAndGet();
            return broken.get() ? Targets.response(500, "bad") : Targets.response(200, "good");
        }));
        return Targets.config(
                "circuit_breaker: {failure_percent: 50, min_requests: 10, open_time: " + openTime
                        + ", half_open_requests: 3}",
                target);
    }

    private static void ask(Pipeline pipeline, int requests, int status) {
        for (int i = 0; i < requests; i++) {
            assertThat(pipeline.send("GET /").status()).isEqualTo(status);
        }
    }

    @Test
    void refusesRequestsWithoutAskingTheUpstreamWhenTooManyHaveFailed() {
        try (Pipeline pipeline = Pipeline.of(config(60))) {
            ask(pipeline, 10, 500);
            RawClient.Response refused = pipeline.send("GET /");

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After").orElseThrow()).isIn("59", "60");
            assertThat(refused.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(refused.body())
                    .contains("\"message\":\"the circuit breaker of the upstream is open\"")
                    .contains("\"request_id\":\"");
            ask(pipeline, 5, 503);
            assertThat(asked).hasValue(10);
        }
    }

    @Test
    void keepsTheConnectionOfAClientItRefusesEvenWithABody() {
        try (Pipeline pipeline = Pipeline.of(config(60));
                RawClient client = pipeline.gateway().client()) {
            ask(pipeline, 10, 500);
            for (int i = 0; i < 2; i++) {
                client.send(Pipeline.request("POST /", "Content-Length: 4") + "body");
                assertThat(client.readResponse().status()).isEqualTo(503);
            }
        }
    }

    @Test
    void closesWhenTheUpstreamIsWellAgain() {
        try (Pipeline pipeline = Pipeline.of(config(SHORT))) {
            ask(pipeline, 10, 500);
            ask(pipeline, 1, 503);
            broken.set(false);

            await().until(() -> pipeline.send("GET /").status() == 200);
            ask(pipeline, 20, 200);
        }
    }

    @Test
    void asksNoMoreThanTheTrialsWhileItIsNotWell() {
        try (Pipeline pipeline = Pipeline.of(config(SHORT))) {
            ask(pipeline, 10, 500);
            await().until(() -> pipeline.send("GET /").status() == 500);

            ask(pipeline, 1, 500); // two of three are too many
            ask(pipeline, 1, 503);
            assertThat(asked).hasValue(12);
        }
    }

    @Test
    void staysOpenOverAReload() {
        String config = config(60);
        try (Pipeline pipeline = Pipeline.of(config)) {
            ask(pipeline, 10, 500);
            pipeline.reload(config.replace("retries: 1", "retries: 2"));

            ask(pipeline, 1, 503);
        }
    }
}
