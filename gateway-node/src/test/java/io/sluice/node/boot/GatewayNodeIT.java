package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.node.proxy.RawClient;
import io.sluice.node.proxy.RawUpstream;
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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class GatewayNodeIT {

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void servesItsFileAndTakesUpChanges() throws Exception {
        Path file = write("one");
        GatewayNode node = GatewayNode.start(settings(Map.of("KONG_DECLARATIVE_CONFIG", file.toString())));
        try {
            assertThat(get(node.adminUrl() + "/services/one").statusCode()).isEqualTo(200);
            assertThat(get(node.statusUrl() + "/status/ready").statusCode()).isEqualTo(200);

            write("two");

            await().until(() -> get(node.adminUrl() + "/services/two").statusCode() == 200);
            assertThat(get(node.statusUrl() + "/metrics").body())
                    .contains("kong_node_info", "sluice_event_loop_longest_round_seconds{loop=\"0\"} ");
        } finally {
            node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void takesItsConfigurationFromTheAdminApi() throws Exception {
        GatewayNode node = GatewayNode.start(settings(Map.of()));
        try {
            assertThat(get(node.statusUrl() + "/status/ready").statusCode()).isEqualTo(503);

            HttpResponse<String> refused = post(node, "_format_version: '3.0'\nservices:\n- name: a\n");
            HttpResponse<String> loaded = post(node, text("a"));
            HttpResponse<String> again = post(node, text("a"));

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("\"flattened_errors\"", "required field missing");
            assertThat(loaded.statusCode()).isEqualTo(201);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(get(node.statusUrl() + "/status/ready").statusCode()).isEqualTo(200);
        } finally {
            node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void writesAndClosesTheAccessLogThoughTheDrainTakesTooLong() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.start(peer -> {
            while (peer.readHead().contains("/fast")) {
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
            asked.countDown();
            peer.read(); // no answer, ever
        })) {
            int port = freePort();
            Path access = folder.resolve("access.log");
            Path file = Files.writeString(folder.resolve("kong.yml"), routed(upstream.port()));
            GatewayNode node = GatewayNode.start(settings(Map.of(
                    "KONG_DECLARATIVE_CONFIG",
                    file.toString(),
                    "KONG_PROXY_LISTEN",
                    "127.0.0.1:" + port,
                    "KONG_PROXY_ACCESS_LOG",
                    access.toString(),
                    "SLUICE_DRAIN_TIMEOUT",
                    "200ms")));
            InetSocketAddress proxy = new InetSocketAddress("127.0.0.1", port);
            try (RawClient fast = RawClient.connect(proxy);
                    RawClient slow = RawClient.connect(proxy);
                    RawClient wrong = RawClient.connect(proxy)) {
                assertThat(wrong.send("get /\"? HTTP/1.1\r\nHost: a\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(400);
                fast.send("GET /fast HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
                slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

                node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);

                assertThat(slow.untilEnd()).startsWith("HTTP/1.1 503 ").endsWith("(end)");
            }
            assertThat(access)
                    .content()
                    .contains(
                            "\"GET /fast HTTP/1.1\" 200 ",
                            "\"GET /slow HTTP/1.1\" 503 ",
                            "\"get /\\x22? HTTP/1.1\" 400 ");
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("lines of " + access);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static String routed(int upstream) {
        return "_format_version: '3.0'\nservices:\n- {name: s, host: 127.0.0.1, port: " + upstream
                + ", routes: [{name: r, paths: [/], strip_path: false}]}\n";
    }

    /** Another java process, as a node is one. */
    static final class Sleeper {
        public static void main(String[] arguments) throws IOException {
            System.in.read();
        }
    }

    @Test
    void leavesAFolderToTheNodeThatRunsThere() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process other =
                new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Sleeper.class.getName()).start();
        Path note = Files.createDirectories(folder.resolve("pids")).resolve("sluice.pid");
        Files.writeString(note, other.pid() + "\n\n");
        try {
            assertThatThrownBy(() -> GatewayNode.start(settings(Map.of())))
                    .isInstanceOfSatisfying(
                            StartFailure.class,
                            failure -> assertThat(failure.lines())
                                    .containsExactly("prefix: " + folder + ": a node runs there already, process "
                                            + other.pid() + " (expected: a folder of its own)"));
            assertThat(note).content().startsWith(other.pid() + "\n");
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void leavesItsNoteWhileItRuns() throws Exception {
        GatewayNode node = GatewayNode.start(settings(Map.of()));
        Optional<PidFile> running = PidFile.running(folder);

        node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);

        assertThat(running).contains(new PidFile(ProcessHandle.current().pid(), node.statusUrl()));
        assertThat(PidFile.running(folder)).isEmpty();
    }

    @Test
    void takenPortEndsTheStartWithCode3AndTheKey() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NodeSettings settings = settings(Map.of("KONG_STATUS_LISTEN", "127.0.0.1:" + taken.getLocalPort()));

            StartFailure failure = catchThrowableOfType(StartFailure.class, () -> GatewayNode.start(settings));

            assertThat(failure.exitCode()).isEqualTo(3);
            assertThat(failure.lines()).singleElement().asString().contains("status_listen", "" + taken.getLocalPort());
        }
    }

    @Test
    void takenClusterPortEndsTheStartWithCode3AndTheKey() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NodeSettings settings = settings(Map.of(
                    "SLUICE_CLUSTER_DISCOVERY", "seeds",
                    "SLUICE_CLUSTER_SEEDS", "127.0.0.1:" + taken.getLocalPort(),
                    "SLUICE_CLUSTER_PORT", "" + taken.getLocalPort()));

            StartFailure failure = catchThrowableOfType(StartFailure.class, () -> GatewayNode.start(settings));

            assertThat(failure.exitCode()).isEqualTo(3);
            assertThat(failure.lines()).singleElement().asString().contains("cluster_port", "" + taken.getLocalPort());
        }
    }

    @Test
    void nodeByItselfIsAClusterOfOne() throws Exception {
        GatewayNode node = GatewayNode.start(settings(Map.of()));
        try {
            assertThat(get(node.adminUrl() + "/cluster").body()).contains("\"in_contact\":true", "\"status\":\"up\"");
            assertThat(get(node.statusUrl() + "/status").body()).contains("\"cluster\":{");
        } finally {
            node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void badFirstConfigurationEndsTheStartWithItsProblems() throws Exception {
        Path file = Files.writeString(folder.resolve("kong.yml"), "_format_version: '3.0'\nservices:\n- name: a\n");
        NodeSettings settings = settings(Map.of("KONG_DECLARATIVE_CONFIG", file.toString()));

        StartFailure failure = catchThrowableOfType(StartFailure.class, () -> GatewayNode.start(settings));

        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure.lines()).containsExactly("service 'a': host: required field missing");
    }

    @Test
    void failedStartSaysNothingButItsProblems() throws Exception {
        Path file = Files.writeString(folder.resolve("kong.yml"), "nonsense: [");
        NodeSettings settings = settings(Map.of("KONG_DECLARATIVE_CONFIG", file.toString()));
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.addAppender(logged);
        try {
            assertThatThrownBy(() -> GatewayNode.start(settings)).isInstanceOf(StartFailure.class);
        } finally {
            root.detachAppender(logged);
        }

        assertThat(logged.list)
                .filteredOn(event -> event.getLoggerName().startsWith("io.sluice"))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    @Test
    void warmUpStartsANodeAndEndsIt() {
        assertThat(Main.commandLine().execute("warm-up")).isZero();
    }

    private NodeSettings settings(Map<String, String> more) {
        Map<String, String> variables = new LinkedHashMap<>(Map.of(
                "KONG_PROXY_LISTEN", "off",
                "KONG_ADMIN_LISTEN", "127.0.0.1:0",
                "KONG_STATUS_LISTEN", "127.0.0.1:0",
                "KONG_PREFIX", folder.toString()));
        variables.putAll(more);
        return ((ReadSettings.Accepted) SettingsReader.read(variables, Map.of(), Optional.empty())).settings();
    }

    private Path write(String service) throws IOException {
        return Files.writeString(folder.resolve("kong.yml"), text(service));
    }

    private static String text(String service) {
        return "_format_version: '3.0'\nservices:\n- name: " + service + "\n  host: h\n";
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(GatewayNode node, String yaml) throws IOException, InterruptedException {
        URI uri = URI.create(node.adminUrl() + "/config?check_hash=1&flatten_errors=1");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "text/yaml")
                        .POST(BodyPublishers.ofString(yaml))
                        .build(),
                BodyHandlers.ofString());
    }
}
