package io.sluice.node.plugins.httplog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** http-log against an HTTP server on loopback. */
class HttpLogIT {
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private final PluginContextFixture context = PluginContextFixture.empty();
    private HttpServer server;

    record Received(String method, String target, Map<String, List<String>> headers, String body) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
        server.stop(0);
    }

    @Test
    void sendsOneObjectPerExchange() {
        var plugin = plugin(Map.of("headers", Map.of("X-Token", "t")));

        plugin.log(ExchangeFixture.get("/").logRecord("{\"a\":1}"));

        await().until(() -> received.size() == 1);
        var one = received.get(0);
        assertThat(one.method()).isEqualTo("POST");
        assertThat(one.target()).isEqualTo("/logs?x=y");
        assertThat(one.body()).isEqualTo("{\"a\":1}");
        assertThat(one.headers())
                .containsEntry("Content-type", List.of("application/json"))
                .containsEntry("Content-length", List.of("7"))
                .containsEntry("X-token", List.of("t"))
                .doesNotContainKey("Upgrade");
    }

    @Test
    void sendsBatchesAsArrays() {
        var plugin = plugin(Map.of("queue", Map.of("max_batch_size", 2, "max_coalescing_delay", 0.1)));

        log(plugin, "{\"a\":1}", "{\"a\":2}", "{\"a\":3}");

        await().until(() -> received.size() == 2);
        assertThat(received).extracting(Received::body).containsExactly("[{\"a\":1},{\"a\":2}]", "[{\"a\":3}]");
    }

    @Test
    void theOldNamesOfTheBatchSettingsStillCount() {
        var plugin = plugin(Map.of("queue_size", 3, "flush_timeout", 3600));

        log(plugin, "1", "2", "3");

        await().until(() -> received.size() == 1);
        assertThat(received.get(0).body()).isEqualTo("[1,2,3]");
    }

    @Test
    void triesAgainUntilTheServerTakesIt() {
        answers.addAll(List.of(500, 302, 404, 204));
        var plugin = plugin(Map.of("method", "PUT"));

        log(plugin, "1", "2");

        await().until(() -> received.size() == 5);
        assertThat(received).extracting(Received::body).containsExactly("1", "1", "1", "1", "2");
        assertThat(received).extracting(Received::method).containsOnly("PUT");
    }

    @Test
    void takesUpAgainWhenTheServerIsBack() throws IOException {
        var address = server.getAddress();
        var plugin = plugin(Map.of());
        server.stop(0);
        log(plugin, "1");
        server = HttpServer.create(address, 0);
        server.createContext("/", this::receive);

        server.start();

        await().until(() -> received.size() == 1);
    }

    @Test
    void userInfoBecomesBasicAuthorization() {
        var port = server.getAddress().getPort();
        var plugin = plugin(Map.of("http_endpoint", "http://me:se%20cret@127.0.0.1:" + port + "/logs"));

        log(plugin, "1");

        await().until(() -> received.size() == 1);
        assertThat(received.get(0).headers()).containsEntry("Authorization", List.of("Basic bWU6c2UgY3JldA=="));
    }

    @Test
    void theSameSettingsKeepTheirQueueOverRevisions() {
        var settings = Map.<String, Object>of("queue", Map.of("max_batch_size", 2, "max_coalescing_delay", 3600));

        log(plugin(settings), "1");
        log(plugin(settings), "2");

        await().until(() -> received.size() == 1);
        assertThat(received.get(0).body()).isEqualTo("[1,2]");
    }

    private Plugin plugin(Map<String, Object> settings) {
        var all = new HashMap<String, Object>();
        all.put("http_endpoint", "http://127.0.0.1:" + server.getAddress().getPort() + "/logs?x=y");
        all.putAll(settings);
        return context.create(new HttpLogPlugin.Factory(), all);
    }

    private static void log(Plugin plugin, String... records) {
        for (String record : records) {
            plugin.log(ExchangeFixture.get("/").logRecord(record));
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            received.add(new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    body));
            var status = answers.poll();
            if (status != null && status == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status == null ? 200 : status, -1);
        }
    }
}
