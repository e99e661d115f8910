package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.proxy.RawClient;
import io.sluice.node.proxy.RawUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Second tries beside first ones that are slow. Of targets that have nothing to do the first one, which has most weight, is asked first. */
class HedgingIT {

    private static final String OFTEN = "hedging: {delay_ms: 50, percent: 100}";
    private static final String GUARDED =
            OFTEN + ", outlier_ejection: {consecutive_failures: 1, max_ejection_percent: 100}"
                    + ", circuit_breaker: {min_requests: 1, failure_percent: 1}";

    private final List<RawUpstream> servers = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void closeServers() {
        released.countDown();
        servers.forEach(RawUpstream::close);
    }

    private RawUpstream server(RawUpstream.Script script) {
        RawUpstream server = RawUpstream.start(script);
        servers.add(server);
        return server;
    }

    private RawUpstream named(String name) {
        return server(peer -> {
            while (!peer.readHead().isEmpty()) {
                peer.write(Targets.response(200, name));
            }
        });
    }

    /** Takes requests and says nothing until the other side ends the connection. */
    private RawUpstream silent() {
        return server(peer -> {
            while (!peer.readHead().isEmpty()) {
                // no answer
            }
        });
    }

    /** Answers its first request when it is let, and others at once. */
    private RawUpstream held(String name) {
        return server(peer -> {
            while (!peer.readHead().isEmpty()) {
                await().until(() -> released.getCount() == 0);
                peer.write(Targets.response(200, name));
            }
        });
    }

    /** A target that does not answer may accept a connection later than another one has answered. */
    private static void awaitAskedOnceAndGivenUp(RawUpstream target) {
        await().until(() -> target.pendingHeads() > 0 && target.open() == 0);
        assertThat(target.pendingHeads()).isOne();
    }

    private static String config(int retries, String fields, RawUpstream... targets) {
        String[] all = new String[targets.length];
        for (int i = 0; i < targets.length; i++) {
            all[i] = "{target: '127.0.0.1:" + targets[i].port() + "', weight: " + 100 * (targets.length - i) + "}";
        }
        return Targets.config(retries, "algorithm: least-connections, " + fields, all);
    }

    private static String patient(int readMillis, String config) {
        return config.replace("host: u,", "host: u, read_timeout: " + readMillis + ",");
    }

    @Test
    void aSlowTargetsRequestIsAnsweredByAnotherAndTheFirstIsGivenUpWithoutBlame() {
        RawUpstream slow = silent();
        RawUpstream quick = named("quick");
        try (Pipeline pipeline = Pipeline.of(config(0, GUARDED, slow, quick))) {
            assertThat(pipeline.send("GET /").body()).isEqualTo("quick");

            awaitAskedOnceAndGivenUp(slow);
            assertThat(quick.pendingHeads()).isOne();
            assertThat(slow.connections()).isOne();
            for (int i = 0; i < 4; i++) {
                assertThat(pipeline.send("GET /").body()).isEqualTo("quick");
            }
            await("still in use").until(() -> slow.pendingHeads() == 5);
        }
    }

    @Test
    void theFirstTargetsAnswerCountsIfItIsTheFirstAfterAll() {
        RawUpstream slow = held("first");
        RawUpstream beside = silent();
        try (Pipeline pipeline = Pipeline.of(config(0, GUARDED, slow, beside));
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /"));
            await().until(() -> beside.pendingHeads() == 1);
            released.countDown();

            assertThat(client.readResponse().body()).isEqualTo("first");
            await().until(() -> beside.open() == 0);
            assertThat(slow.open()).isOne();
        }
    }

    @Test
    void aQuickTargetHasNoSecondBesideIt() {
        RawUpstream one = named("one");
        RawUpstream two = named("two");
        try (Pipeline pipeline = Pipeline.of(config(0, "hedging: {delay_ms: 5000, percent: 100}", one, two));
                RawClient client = pipeline.gateway().client()) {
            assertThat(Targets.counts(client, 21)).containsOnlyKeys("one");
            assertThat(one.pendingHeads() + two.pendingHeads()).isEqualTo(21);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /|Content-Length: 0",
                "PUT /|Content-Length: 0",
                "DELETE /|Accept: *",
                "GET /|Connection: upgrade|Upgrade: websocket|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Version: 13"
            })
    void whatMayChangeSomethingOrIsNoPlainRequestIsSentOnce(String request) {
        RawUpstream slow = silent();
        RawUpstream other = named("other");
        String[] parts = request.split("\\|");
        String[] fields = java.util.Arrays.copyOfRange(parts, 1, parts.length);
        try (Pipeline pipeline = Pipeline.of(patient(400, config(0, OFTEN, slow, other)))) {
            assertThat(pipeline.send(parts[0], fields).status()).isEqualTo(504);

            assertThat(other.pendingHeads()).isZero();
        }
    }

    @Test
    void aRequestWhoseBodyIsStillComingIsSentOnceUntilItIsThere() {
        RawUpstream slow = silent();
        RawUpstream other = server(peer -> {
            peer.readHead();
            peer.read(4);
            peer.write(Targets.response(200, "other"));
        });
        try (Pipeline pipeline = Pipeline.of(config(0, OFTEN, slow, other));
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /", "Content-Length: 4") + "bo");
            await().until(() -> slow.pendingHeads() == 1);
            assertThat(other.pendingHeads()).isZero();
            client.send("dy");

            assertThat(client.readResponse().body()).isEqualTo("other");
        }
    }

    @Test
    void thereIsNoSecondTryWithoutAnotherTarget() {
        RawUpstream slow = silent();
        try (Pipeline pipeline = Pipeline.of(patient(300, config(0, OFTEN, slow)))) {
            assertThat(pipeline.send("GET /").status()).isEqualTo(504);

            awaitAskedOnceAndGivenUp(slow);
        }
    }

    @Test
    void secondTriesStayWithinTheirBoundWhenEveryTargetIsSlow() {
        AtomicInteger asked = new AtomicInteger();
        RawUpstream.Script script = peer -> {
            while (!peer.readHead().isEmpty()) {
                asked.incrementAndGet();
            }
        };
        String hedging = "hedging: {delay_ms: 20, percent: 10}";
        try (Pipeline pipeline = Pipeline.of(patient(100, config(0, hedging, server(script), server(script))))) {
            outage(pipeline, 30);

            await().until(() -> asked.get() > 30);
            assertThat(asked.get()).isLessThanOrEqualTo(33);
        }
    }

    @Test
    void secondTriesCountAsRetriesOfTheBudget() {
        AtomicInteger asked = new AtomicInteger();
        RawUpstream.Script script = peer -> {
            while (!peer.readHead().isEmpty()) {
                asked.incrementAndGet();
            }
        };
        String budgets = OFTEN + ", retry_budget: {percent: 10, min_per_second: 0}";
        try (Pipeline pipeline = Pipeline.of(patient(100, config(3, budgets, server(script), server(script))))) {
            outage(pipeline, 20);

            await().until(() -> asked.get() > 20);
            assertThat(asked.get()).isLessThanOrEqualTo(22);
        }
    }

    private static void outage(Pipeline pipeline, int requests) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            clients.add(pipeline.gateway().client().send(Pipeline.request("GET /")));
        }
        for (RawClient client : clients) {
            assertThat(client.readResponse().status()).isEqualTo(504);
            client.close();
        }
    }

    @Test
    void oneThatFailsLeavesTheOtherToAnswer() {
        RawUpstream slow = held("first");
        RawUpstream broken = server(peer -> peer.readHead());
        try (Pipeline pipeline = Pipeline.of(config(0, OFTEN, slow, broken));
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /"));
            await().until(() -> broken.pendingHeads() == 1 && broken.open() == 0);
            released.countDown();

            assertThat(client.readResponse().body()).isEqualTo("first");
        }
    }

    @Test
    void theSecondAnswersIfTheFirstFailsBesideIt() {
        RawUpstream second = held("second");
        RawUpstream first = server(peer -> {
            peer.readHead();
            await().until(() -> second.pendingHeads() == 1);
            peer.write("HTTP/1.1 200 OK\r\nConte"); // half a head is no answer
        });
        try (Pipeline pipeline = Pipeline.of(config(1, OFTEN, first, second));
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /"));
            await().until(() -> second.pendingHeads() == 1 && first.open() == 0);
            released.countDown();

            assertThat(client.readResponse().body()).isEqualTo("second");
            assertThat(second.pendingHeads()).isOne();
            client.send(Pipeline.request("GET /"));
            assertThat(client.readResponse().body()).as("nothing else was said").isEqualTo("second");
        }
    }

    @Test
    void retriesFollowWhenBothHaveFailed() {
        RawUpstream beside = server(peer -> {
            peer.readHead();
            peer.write("no HTTP\r\n\r\n");
        });
        RawUpstream first = server(peer -> {
            peer.readHead();
            await().until(() -> beside.pendingHeads() == 1 && beside.open() == 0);
        });
        try (Pipeline pipeline = Pipeline.of(config(0, OFTEN, first, beside))) {
            assertThat(pipeline.send("GET /").status()).isEqualTo(502);
        }
        beside.forgetHeads();
        RawUpstream third = named("third");
        try (Pipeline pipeline = Pipeline.of(config(1, OFTEN, first, beside, third))) {
            assertThat(pipeline.send("GET /").body()).isEqualTo("third");
        }
    }

    @Test
    void bothEndWithTheirOwnReadTimeouts() {
        RawUpstream first = silent();
        RawUpstream second = silent();
        try (Pipeline pipeline = Pipeline.of(patient(300, config(0, OFTEN, first, second)))) {
            long before = System.nanoTime();
            assertThat(pipeline.send("GET /").status()).isEqualTo(504);

            assertThat((System.nanoTime() - before) / 1_000_000).isBetween(340L, 5_000L);
            awaitAskedOnceAndGivenUp(first);
            awaitAskedOnceAndGivenUp(second);
        }
    }

    @Test
    void bothEndWhenTheClientLeaves() {
        RawUpstream first = silent();
        RawUpstream second = silent();
        try (Pipeline pipeline = Pipeline.of(config(0, OFTEN, first, second))) {
            RawClient client = pipeline.gateway().client().send(Pipeline.request("GET /"));
            await().until(() -> first.pendingHeads() + second.pendingHeads() == 2);
            client.reset();

            await().until(() -> first.open() + second.open() == 0);
        }
    }

    @Test
    void interimAnswersDecideNothing() {
        RawUpstream slow = server(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            peer.read();
        });
        RawUpstream quick = named("quick");
        try (Pipeline pipeline = Pipeline.of(config(0, OFTEN, slow, quick));
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /"));

            assertThat(client.readHead()).startsWith("HTTP/1.1 103 ");
            assertThat(client.readResponse().body()).isEqualTo("quick");
            await().until(() -> slow.open() == 0);
        }
    }

    @Test
    void theLogTellsOfBothTriesTheOneThatAnsweredLast(@TempDir Path folder) throws IOException {
        Path log = folder.resolve("log");
        RawUpstream slow = silent();
        RawUpstream quick = named("quick");
        String yaml = config(0, OFTEN, slow, quick) + "plugins:\n- {name: file-log, config: {path: '" + log + "'}}\n";
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            pipeline.send("GET /");
            await().until(() -> Files.exists(log) && Files.size(log) > 0);
        }
        String line = Files.readString(log);
        assertThat(line).contains("\"upstream_status\":\"499, 200\"");
        int given = line.indexOf("\"port\":" + slow.port());
        assertThat(given).isPositive().isLessThan(line.indexOf("\"port\":" + quick.port()));
        assertThat(line.substring(given)).contains("\"state\":\"cancelled\",\"code\":499");
    }
}
