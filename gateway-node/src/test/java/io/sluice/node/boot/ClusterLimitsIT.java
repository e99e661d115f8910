package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole nodes with rate-limiting by policy {@code cluster}. */
class ClusterLimitsIT {

    private static final String PLUGIN = "6f3c2f6e-2f0b-4a57-9d43-3c7f1f6d8a01";

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<GatewayNode> nodes = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void nodeByItselfHasAllTokens() throws Exception {
        start(1, Map.of());
        try {
            GatewayNode node = nodes.get(0);

            assertThat(passed(node, 30)).isEqualTo(20);
            assertThat(view(node)).contains("\"limit\":20,\"owned\":20,\"locked\":20,\"debt\":0,\"elsewhere\":0");
            assertThat(get(node.statusUrl() + "/metrics").body())
                    .contains("sluice_cluster_limits_admitted_total 20", "sluice_cluster_limits_denied_total 10");
        } finally {
            stop();
        }
    }

    @Test
    void twoNodesHaveOneLimit() throws Exception {
        int port = freePort();
        String seeds = "127.0.0.1:" + port + ", 127.0.0.2:" + port;
        for (int k = 1; k <= 2; k++) {
            start(
                    k,
                    Map.of(
                            "SLUICE_CLUSTER_DISCOVERY",
                            "seeds",
                            "SLUICE_CLUSTER_SEEDS",
                            seeds,
                            "SLUICE_CLUSTER_HOST",
                            "127.0.0." + k,
                            "SLUICE_CLUSTER_PORT",
                            "" + port,
                            "SLUICE_MANAGEMENT_PORT",
                            "0"));
        }
        try {
            for (GatewayNode node : nodes) {
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> get(node.statusUrl() + "/status/ready").statusCode() == 200);
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> get(node.adminUrl() + "/cluster").body().contains("\"in_contact\":true"));
            }

            awaitPassed(nodes.get(0), 15);
            awaitPassed(nodes.get(1), 5);
            int more = passed(nodes.get(0), 15) + passed(nodes.get(1), 15);

            assertThat(more).isZero();
            assertThat(view(nodes.get(1))).contains("\"home\":{\"id\":\"").contains("\"address\":\"127.0.0.");
        } finally {
            stop();
        }
    }

    private void start(int k, Map<String, String> more) throws Exception {
        Path file = Files.writeString(folder.resolve("kong" + k + ".yml"), """
                _format_version: '3.0'
                routes: [{name: r, paths: [/]}]
                plugins:
                - {name: request-termination, config: {status_code: 200}}
                - name: rate-limiting
                  id: %s
                  config: {day: 20, limit_by: header, header_name: x-who, policy: cluster, park_ms: 2000}
                """.formatted(PLUGIN));
        Map<String, String> variables = new HashMap<>(Map.of(
                "KONG_PROXY_LISTEN",
                "127.0.0.1:" + freePort(),
                "KONG_ADMIN_LISTEN",
                "127.0.0.1:0",
                "KONG_STATUS_LISTEN",
                "127.0.0.1:0",
                "KONG_DECLARATIVE_CONFIG",
                file.toString(),
                "KONG_PREFIX",
                Files.createDirectories(folder.resolve("n" + k)).toString()));
        variables.putAll(more);
        NodeSettings settings =
                ((ReadSettings.Accepted) SettingsReader.read(variables, Map.of(), Optional.empty())).settings();
        nodes.add(GatewayNode.start(settings));
    }

    private void stop() {
        CompletableFuture.allOf(nodes.stream()
                        .map(node -> node.stop().toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** Tokens may be on their way when a request is refused. */
    private void awaitPassed(GatewayNode node, int requests) {
        AtomicInteger passed = new AtomicInteger();
        await().atMost(Duration.ofSeconds(40))
                .until(() -> passed.addAndGet(passed(node, requests - passed.get())) == requests);
    }

    private int passed(GatewayNode node, int requests) throws Exception {
        int passed = 0;
        for (int i = 0; i < requests; i++) {
            int status = get(node.proxyUrl() + "/").statusCode();
            assertThat(status).isIn(200, 429);
            passed += status == 200 ? 1 : 0;
        }
        return passed;
    }

    private String view(GatewayNode node) throws Exception {
        return get(node.adminUrl() + "/cluster/limits?plugin=" + PLUGIN + "&key=%3Dann")
                .body();
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url)).header("x-who", "ann").build(), BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
