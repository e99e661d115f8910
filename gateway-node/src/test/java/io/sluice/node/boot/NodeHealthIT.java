package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.node.proxy.RawUpstream;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node by itself finds out about its targets, by requests, by probes and from people. */
class NodeHealthIT {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String NO_PEER = "failure to get a peer from the ring-balancer";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();
    private String proxy = "";
    private String admin = "";

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    /** A target that answers requests with its name, and probes with the status that it has now. */
    private String target(String name, AtomicInteger status) {
        RawUpstream upstream = RawUpstream.start(peer -> {
            for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                int code = head.startsWith("GET /probe ") ? status.get() : 200;
                peer.write("HTTP/1.1 " + code + " Said\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
            }
        });
        open.add(upstream);
        return "127.0.0.1:" + upstream.port();
    }

    private String target(String name) {
        return target(name, new AtomicInteger(200));
    }

    /** A target that nothing listens at. */
    private static String refusing() throws IOException {
        return "127.0.0.1:" + freePort();
    }

    private static int freePort() throws IOException {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return gone.getLocalPort();
        }
    }

    private static String config(int retries, String checks, String... targets) {
        StringBuilder text = new StringBuilder("""
                _format_version: '3.0'
                services:
                - {name: s, host: u, retries: %d, routes: [{name: r, paths: [/]}]}
                upstreams:
                - name: u
                  healthchecks: {%s}
                  targets:
                """.formatted(retries, checks));
        for (String target : targets) {
            text.append("  - target: ").append(target).append('\n');
        }
        return text.toString();
    }

    private void start(String config) throws Exception {
        int port = freePort();
        Map<String, String> variables = Map.of(
                "KONG_PROXY_LISTEN",
                "127.0.0.1:" + port,
                "KONG_ADMIN_LISTEN",
                "127.0.0.1:0",
                "KONG_STATUS_LISTEN",
                "127.0.0.1:0",
                "KONG_PREFIX",
                folder.toString(),
                "KONG_DECLARATIVE_CONFIG_STRING",
                config);
        NodeSettings settings =
                ((ReadSettings.Accepted) SettingsReader.read(variables, Map.of(), Optional.empty())).settings();
        GatewayNode node = GatewayNode.start(settings);
        open.add(() -> node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS));
        proxy = "http://127.0.0.1:" + port;
        admin = node.adminUrl();
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private String health(String target) throws IOException, InterruptedException {
        for (JsonNode one :
                JSON.readTree(get(admin + "/upstreams/u/health").body()).get("data")) {
            if (one.get("target").asText().equals(target)) {
                return one.get("health").asText();
            }
        }
        throw new AssertionError("no target " + target);
    }

    private int mark(String target, String word) throws IOException, InterruptedException {
        URI uri = URI.create(admin + "/upstreams/u/targets/" + target + "/" + word);
        return client.send(
                        HttpRequest.newBuilder(uri).PUT(BodyPublishers.noBody()).build(), BodyHandlers.ofString())
                .statusCode();
    }

    /** The distinct bodies of some answers. */
    private TreeSet<String> bodies(int requests) throws IOException, InterruptedException {
        TreeSet<String> bodies = new TreeSet<>();
        for (int i = 0; i < requests; i++) {
            bodies.add(get(proxy + "/").body());
        }
        return bodies;
    }

    @Test
    void stopsUsingATargetThatRefusesARequestAlsoOnItsLastTry() throws Exception {
        String dead = refusing();
        start(config(0, "passive: {unhealthy: {tcp_failures: 1}}", dead, target("live")));

        int failed = 0;
        for (int i = 0; i < 20; i++) {
            failed += get(proxy + "/").statusCode() == 200 ? 0 : 1;
        }

        assertThat(failed).isEqualTo(1);
        await().atMost(LONG).untilAsserted(() -> assertThat(health(dead)).isEqualTo("UNHEALTHY"));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(get(admin + "/metrics").body())
                        .contains("sluice_upstream_target_changes_total{upstream=\"u\",target=\"" + dead
                                + "\",state=\"unhealthy\",reason=\"traffic_refused\","));
        JsonNode report = JSON.readTree(get(admin + "/cluster/health").body());
        assertThat(report.at("/nodes/0/targets")).anySatisfy(one -> {
            assertThat(one.get("target").asText()).isEqualTo(dead);
            assertThat(one.at("/verdict/reason").asText()).isEqualTo("traffic_refused");
        });
    }

    @Test
    void findsByItsKeptConnectionsThatATargetIsGoneBeforeARequestFails() throws Exception {
        String leaving = target("leaving");
        start(config(
                0,
                "active: {type: tcp, healthy: {successes: 1}, unhealthy: {interval: 300}},"
                        + " passive: {unhealthy: {tcp_failures: 3}}",
                leaving,
                target("staying")));
        assertThat(bodies(10)).containsExactly("leaving", "staying");

        open.get(0).close();

        await().atMost(LONG).untilAsserted(() -> assertThat(health(leaving)).isEqualTo("UNHEALTHY"));
        assertThat(bodies(10)).containsExactly("staying");
        assertThat(get(admin + "/cluster/health").body()).contains("kept connections ended, 3 further failed");
    }

    @Test
    void countsAnswersThatAreListedAsFailures() throws Exception {
        AtomicInteger status = new AtomicInteger(500);
        String sick = target("sick", status);
        start(config(0, "passive: {unhealthy: {http_failures: 2}}", sick));

        int first = get(proxy + "/probe").statusCode();
        int second = get(proxy + "/probe").statusCode();
        HttpResponse<String> third = get(proxy + "/probe");

        assertThat(List.of(first, second)).containsOnly(500);
        assertThat(third.statusCode()).isEqualTo(503);
        assertThat(third.body()).contains(NO_PEER);
    }

    @Test
    void findsByProbesWhatIsDownAndWhatIsUpAgain() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        String flapping = target("flapping", status);
        start(config(
                0,
                "active: {http_path: /probe, healthy: {interval: 0.1, successes: 1},"
                        + " unhealthy: {interval: 0.1, http_failures: 2}}",
                flapping,
                target("steady")));
        assertThat(bodies(10)).containsExactly("flapping", "steady");

        status.set(503);

        await().atMost(LONG).untilAsserted(() -> assertThat(health(flapping)).isEqualTo("UNHEALTHY"));
        assertThat(bodies(10)).containsExactly("steady");

        status.set(200);

        await().atMost(LONG).untilAsserted(() -> assertThat(health(flapping)).isEqualTo("HEALTHY"));
        assertThat(bodies(10)).containsExactly("flapping", "steady");
    }

    @Test
    void refusesEverythingUnlessMoreThanTheThresholdIsUp() throws Exception {
        String marked = target("marked");
        start(config(0, "threshold: 50, passive: {unhealthy: {tcp_failures: 1}}", marked, target("other")));
        assertThat(get(proxy + "/").statusCode()).isEqualTo(200);

        assertThat(mark(marked, "unhealthy")).isEqualTo(204);

        await().atMost(LONG).untilAsserted(() -> {
            HttpResponse<String> refused = get(proxy + "/");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains(NO_PEER);
        });
        JsonNode whole = JSON.readTree(
                get(admin + "/upstreams/u/health?balancer_health=1").body());
        assertThat(whole.at("/data/balancer_health").asText()).isEqualTo("UNHEALTHY");
        assertThat(whole.at("/data/details/weight/available").asInt()).isEqualTo(100);

        assertThat(mark(marked, "healthy")).isEqualTo(204);

        await().atMost(LONG).until(() -> get(proxy + "/").statusCode() == 200);
    }

    @Test
    void doesAsPeopleSayAndKeepsItOverReloads() throws Exception {
        String marked = target("marked");
        String config = config(0, "passive: {unhealthy: {tcp_failures: 1}}", marked, target("other"));
        start(config);

        assertThat(mark(marked, "unhealthy")).isEqualTo(204);
        await().atMost(LONG).untilAsserted(() -> assertThat(bodies(10)).containsExactly("other"));
        URI uri = URI.create(admin + "/config");
        int reloaded = client.send(
                        HttpRequest.newBuilder(uri)
                                .header("Content-Type", "text/yaml")
                                .POST(BodyPublishers.ofString(config.replace("name: r,", "name: r2,")))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();

        assertThat(reloaded).isEqualTo(201);
        assertThat(get(admin + "/routes/r2").statusCode()).isEqualTo(200);
        assertThat(bodies(10)).containsExactly("other");
        assertThat(health(marked)).isEqualTo("UNHEALTHY");

        assertThat(mark(marked + "/" + marked, "healthy")).isEqualTo(204);
        await().atMost(LONG).untilAsserted(() -> assertThat(bodies(10)).containsExactly("marked", "other"));
    }

    @Test
    void answersWithKongsWordsWhenAllAreDown() throws Exception {
        start(config(5, "passive: {unhealthy: {tcp_failures: 1}}", refusing(), refusing()));

        await().atMost(LONG).untilAsserted(() -> {
            HttpResponse<String> refused = get(proxy + "/");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("\"message\":\"" + NO_PEER + "\"", "request_id");
        });
    }
}
