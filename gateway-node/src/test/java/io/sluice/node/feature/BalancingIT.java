package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.proxy.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which target of an upstream a request goes to (kong-3, section 4). */
class BalancingIT {

    private final List<EchoUpstream> servers = new ArrayList<>();

    @AfterEach
    void closeServers() {
        servers.forEach(EchoUpstream::close);
    }

    /** A target whose answer is its name. */
    private String target(String name, int weight) {
        EchoUpstream server =
                EchoUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
        servers.add(server);
        return "{target: '127.0.0.1:" + server.port() + "', weight: " + weight + "}";
    }

    private static String refusing() throws IOException {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "{target: '127.0.0.1:" + gone.getLocalPort() + "'}";
        }
    }

    private static String config(String fields, String... targets) {
        return """
                services:
                - {name: s, host: u, retries: 1}
                - {name: other, host: u}
                routes:
                - {name: r, service: s, paths: [/]}
                - {name: o, service: other, paths: [/other]}
                upstreams:
                - {name: u, %s targets: [%s]}
                """.formatted(fields, String.join(", ", targets));
    }

    private static Map<String, Integer> counts(RawClient client, int requests, String path) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            RawClient.Response response =
                    client.send(Pipeline.request("GET " + path)).readResponse();
            counts.merge(response.body(), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void sharesRequestsByWeight() {
        try (Pipeline pipeline = Pipeline.of(config("", target("a", 50), target("b", 30), target("c", 20)));
                RawClient client = pipeline.gateway().client()) {
            assertThat(counts(client, 1_000, "/")).isEqualTo(Map.of("a", 500, "b", 300, "c", 200));
        }
    }

    @Test
    void goesOnWithTheOrderAcrossServicesAndReloads() {
        String a = target("a", 1);
        String b = target("b", 1);
        String c = target("c", 1);
        try (Pipeline pipeline = Pipeline.of(config("", a, b, c));
                RawClient client = pipeline.gateway().client()) {
            Map<String, Integer> sum = new TreeMap<>();
            for (int i = 0; i < 10; i++) {
                counts(client, 1, "/").forEach((name, count) -> sum.merge(name, count, Integer::sum));
                counts(client, 1, "/other").forEach((name, count) -> sum.merge(name, count, Integer::sum));
                pipeline.reload(config("", a, b, c));
                counts(client, 1, "/").forEach((name, count) -> sum.merge(name, count, Integer::sum));
                pipeline.reload(config("tags: [t" + i + "],", a, b, c));
            }

            assertThat(sum).isEqualTo(Map.of("a", 10, "b", 10, "c", 10));
        }
    }

    @Test
    void sendsARetryToAnotherTarget() throws IOException {
        try (Pipeline pipeline = Pipeline.of(config("", refusing(), target("a", 1)));
                RawClient client = pipeline.gateway().client()) {
            assertThat(counts(client, 100, "/")).isEqualTo(Map.of("a", 100));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{target: '127.0.0.1:1', weight: 0}"})
    void answers503WithoutATargetThatMayBeUsed(String targets) {
        try (Pipeline pipeline = Pipeline.of(config("", targets))) {
            RawClient.Response response = pipeline.send("GET /");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).contains("failure to get a peer from the ring-balancer");
        }
    }

    @Test
    void acceptsTheOldNameOfRoundRobin() {
        String fields = "algorithm: weighted-round-robin,";
        try (Pipeline pipeline = Pipeline.of(config(fields, target("a", 3), target("b", 1)));
                RawClient client = pipeline.gateway().client()) {
            assertThat(counts(client, 40, "/")).isEqualTo(Map.of("a", 30, "b", 10));
        }
    }

    /** A target that answers when it is told to. */
    private String waiting(String name, CompletableFuture<Void> go) {
        EchoUpstream server = EchoUpstream.answering(request -> {
            if (request.requestLine().contains("/wait")) {
                go.join();
            }
            return "HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name;
        });
        servers.add(server);
        return "{target: '127.0.0.1:" + server.port() + "'}";
    }

    @Test
    void avoidsTheTargetWithMoreConnectionsEvenAfterAReloadAndCountsEachOnce() {
        CompletableFuture<Void> go = new CompletableFuture<>();
        String a = waiting("a", go);
        String b = waiting("b", go);
        String fields = "algorithm: least-connections,";
        try (Pipeline pipeline = Pipeline.of(config(fields, a, b));
                RawClient client = pipeline.gateway().client();
                RawClient held = pipeline.gateway().client()) {
            held.send(Pipeline.request("GET /wait"));
            await().until(() -> servers.stream().mapToInt(EchoUpstream::pending).sum() == 1);
            String busy = servers.get(0).pending() == 1 ? "a" : "b";
            String idle = busy.equals("a") ? "b" : "a";

            assertThat(counts(client, 10, "/")).isEqualTo(Map.of(idle, 10));
            pipeline.reload(config(fields + " slots: 1000,", a, b));
            assertThat(counts(client, 10, "/")).isEqualTo(Map.of(idle, 10));
            go.complete(null);
            assertThat(held.readResponse().body()).isEqualTo(busy);
            assertThat(counts(client, 10, "/")).isEqualTo(Map.of("a", 5, "b", 5));
        }
    }

    @Test
    void sendsARetryByLeastConnectionsToAnotherTargetAndForgetsTheFailedTry() throws IOException {
        String fields = "algorithm: least-connections,";
        try (Pipeline pipeline = Pipeline.of(config(fields, refusing(), target("a", 100), target("b", 100)));
                RawClient client = pipeline.gateway().client()) {
            assertThat(counts(client, 60, "/").keySet()).containsExactly("a", "b");
        }
    }

    @Test
    void prefersTheTargetThatRespondsSooner() {
        EchoUpstream slow = EchoUpstream.answering(request -> {
            LockSupport.parkNanos(200_000_000);
            return "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow";
        });
        servers.add(slow);
        String fields = "algorithm: latency,";
        String other = "{target: '127.0.0.1:" + slow.port() + "'}";
        try (Pipeline pipeline = Pipeline.of(config(fields, other, target("fast", 100)));
                RawClient client = pipeline.gateway().client()) {
            assertThat(counts(client, 50, "/").get("fast")).isGreaterThanOrEqualTo(45);
            pipeline.reload(config(fields + " slots: 1000,", other, target("new", 100)));
            assertThat(counts(client, 20, "/").get("new")).isGreaterThanOrEqualTo(15);
        }
    }
}
