package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole nodes that share the circuit of an upstream. */
class ClusterCircuitIT {

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<GatewayNode> nodes = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int status = 500;
    private HttpServer upstream;

    @TempDir
    private Path folder;

    @BeforeEach
    void startUpstream() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        upstream.start();
    }

    @AfterEach
    void stop() {
        CompletableFuture.allOf(nodes.stream()
                        .map(node -> node.stop().toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        upstream.stop(0);
    }

    @Test
    void opensAndClosesOnAllNodesWithWhatOneHasFound() throws Exception {
        int port = freePort();
        start(1, port, 5);
        start(2, port, 5);
        for (GatewayNode node : nodes) {
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> get(node.statusUrl() + "/status/ready").statusCode() == 200);
            // Nodes serve before they have found each other, and a circuit is open for some seconds only. Each tells of
            // itself besides.
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> get(node.adminUrl() + "/cluster").body().split("\"status\":\"up\"", -1).length == 4);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(ask(0)).isEqualTo(500);
        }

        await().until(() -> metrics(1).contains("sluice_upstream_circuit_state{upstream=\"u\"} 2"));
        assertThat(ask(1)).isEqualTo(503);
        assertThat(asked).hasValue(10);

        status = 200;
        await().atMost(Duration.ofSeconds(30)).until(() -> ask(0) == 200);
        await().until(() -> metrics(1).contains("sluice_upstream_circuit_state{upstream=\"u\"} 0"));
        assertThat(ask(1)).isEqualTo(200);
    }

    @Test
    void tellsANodeThatStartsLaterWhatIsOpen() throws Exception {
        int port = freePort();
        start(1, port, 3_600);
        await().atMost(Duration.ofSeconds(40))
                .until(() -> get(nodes.get(0).statusUrl() + "/status/ready").statusCode() == 200);
        for (int i = 0; i < 10; i++) {
            ask(0);
        }
        assertThat(ask(0)).isEqualTo(503);

        start(2, port, 3_600);

        await().atMost(Duration.ofSeconds(40))
                .until(() -> metrics(1).contains("sluice_upstream_circuit_state{upstream=\"u\"} 2"));
        assertThat(ask(1)).isEqualTo(503);
        assertThat(asked).hasValue(10);
    }

    private void start(int k, int port, int openTime) throws Exception {
        Path file = Files.writeString(folder.resolve("kong" + k + ".yml"), """
                _format_version: '3.0'
                services: [{name: s, host: u}]
                routes: [{name: r, service: s, paths: [/]}]
                upstreams:
                - name: u
                  circuit_breaker: {min_requests: 10, open_time: %d, half_open_requests: 1}
                  targets: [{target: '127.0.0.1:%d'}]
                """.formatted(
                        openTime, upstream.getAddress().getPort()));
        Map<String, String> variables = Map.of(
                "KONG_PROXY_LISTEN",
                "127.0.0.1:" + freePort(),
                "KONG_ADMIN_LISTEN",
                "127.0.0.1:0",
                "KONG_STATUS_LISTEN",
                "127.0.0.1:0",
                "KONG_DECLARATIVE_CONFIG",
                file.toString(),
                "KONG_PREFIX",
                Files.createDirectories(folder.resolve("n" + k)).toString(),
                "SLUICE_CLUSTER_DISCOVERY",
                "seeds",
                "SLUICE_CLUSTER_SEEDS",
                "127.0.0.1:" + port + ", 127.0.0.2:" + port,
                "SLUICE_CLUSTER_HOST",
                "127.0.0." + k,
                "SLUICE_CLUSTER_PORT",
                "" + port,
                "SLUICE_MANAGEMENT_PORT",
                "0");
        NodeSettings settings =
                ((ReadSettings.Accepted) SettingsReader.read(variables, Map.of(), Optional.empty())).settings();
        nodes.add(GatewayNode.start(settings));
    }

    private int ask(int node) throws IOException, InterruptedException {
        return get(nodes.get(node).proxyUrl() + "/").statusCode();
    }

    private String metrics(int node) throws IOException, InterruptedException {
        return get(nodes.get(node).statusUrl() + "/metrics").body();
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
