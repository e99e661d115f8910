package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three whole nodes with concurrency-limiting: what the upstream has in its hands at a time. */
class ClusterPlacesIT {

    private static final int LIMIT = 12;
    private static final Duration PARK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<GatewayNode> nodes = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();
    private HoldingUpstream upstream;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        upstream = new HoldingUpstream();
        startThree();
    }

    @AfterEach
    void stop() throws IOException {
        upstream.release();
        for (Socket socket : clients) {
            socket.close();
        }
        CompletableFuture.allOf(nodes.stream()
                        .map(node -> node.stop().toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        upstream.close();
    }

    @Test
    void threeNodesServeTheLimitAtATimeAndHaveItBackFromClientsThatLeave() throws Exception {
        fill(nodes);
        for (GatewayNode node : nodes) {
            assertThat(status(node)).isEqualTo(429);
        }
        assertThat(upstream.most()).isEqualTo(LIMIT);

        for (int round = 0; round < 3; round++) {
            for (Socket socket : clients) {
                socket.setSoLinger(true, 0); // a reset: a client that only ends its side is still answered
                socket.close();
            }
            clients.clear();
            // Until nobody waits for a place any more: whoever gets one now may arrive before the upstream knows who
            // has gone.
            await().atMost(PATIENCE).during(PARK.multipliedBy(2)).until(() -> upstream.held() == 0);
            upstream.forgetMost();
            fill(nodes.subList(round, round + 1));
            assertThat(status(nodes.get((round + 1) % 3))).isEqualTo(429);
            assertThat(upstream.most()).isEqualTo(LIMIT);
        }

        upstream.release();
        for (GatewayNode node : nodes) {
            await().atMost(PATIENCE).until(() -> status(node) == 204);
        }
        assertThat(upstream.most()).isEqualTo(LIMIT);
    }

    /** Many more clients at each node than there are places, until all places are taken: places may be on their way between nodes. */
    private void fill(List<GatewayNode> entrances) {
        await().atMost(PATIENCE).until(() -> {
            for (GatewayNode node : entrances) {
                for (int i = 0; i < LIMIT; i++) {
                    clients.add(begin(node));
                }
            }
            return upstream.held() == LIMIT;
        });
    }

    private static Socket begin(GatewayNode node) throws IOException {
        URI proxy = URI.create(node.proxyUrl());
        Socket socket = new Socket(proxy.getHost(), proxy.getPort());
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: a\r\nX-Who: ann\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void startThree() throws Exception {
        Path file =
                Files.writeString(folder.resolve("kong.yml"), """
                _format_version: '3.0'
                services: [{name: s, host: 127.0.0.1, port: %d}]
                routes: [{name: r, service: s, paths: [/]}]
                plugins:
                - name: concurrency-limiting
                  id: 6f3c2f6e-2f0b-4a57-9d43-3c7f1f6d8a02
                  config: {limit: %d, limit_by: header, header_name: x-who, park_ms: %d}
                """.formatted(upstream.port(), LIMIT, PARK.toMillis()));
        int port = freePort();
        for (int k = 1; k <= 3; k++) {
            Map<String, String> variables = Map.ofEntries(
                    Map.entry("KONG_PROXY_LISTEN", "127.0.0.1:" + freePort()),
                    Map.entry("KONG_ADMIN_LISTEN", "127.0.0.1:0"),
                    Map.entry("KONG_STATUS_LISTEN", "127.0.0.1:0"),
                    Map.entry("KONG_DECLARATIVE_CONFIG", file.toString()),
                    Map.entry(
                            "KONG_PREFIX",
                            Files.createDirectories(folder.resolve("n" + k)).toString()),
                    Map.entry("SLUICE_CLUSTER_DISCOVERY", "seeds"),
                    Map.entry("SLUICE_CLUSTER_SEEDS", "127.0.0.1:" + port + ", 127.0.0.2:" + port),
                    Map.entry("SLUICE_CLUSTER_HOST", "127.0.0." + k),
                    Map.entry("SLUICE_CLUSTER_PORT", "" + port),
                    Map.entry("SLUICE_MANAGEMENT_PORT", "0"));
            var read = (ReadSettings.Accepted) SettingsReader.read(variables, Map.of(), Optional.empty());
            nodes.add(GatewayNode.start(read.settings()));
        }
        for (GatewayNode node : nodes) {
            await().atMost(PATIENCE)
                    .until(() -> get(node.statusUrl() + "/status/ready").statusCode() == 200);
            await().atMost(PATIENCE)
                    .until(() -> get(node.adminUrl() + "/cluster").body().contains("\"in_contact\":true"));
        }
    }

    private int status(GatewayNode node) throws Exception {
        return get(node.proxyUrl() + "/").statusCode();
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("x-who", "ann")
                .timeout(PATIENCE)
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
