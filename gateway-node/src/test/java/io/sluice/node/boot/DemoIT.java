package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    /** From one port of a node to the next, so that all are odd: Linux gives even ones to connections that are begun. */
    private static final int STEP = 2;

    private static final int ADMIN = STEP;

    @TempDir
    private Path folder;

    @Test
    void threeNodesServeAsOneClusterAndEndTogether() throws Exception {
        int port = freePort();
        Process demo = start(port, "demo");
        try {
            awaitTold(demo);
            List<ProcessHandle> children = demo.children().toList();

            assertThat(children).as("two nodes and two upstreams").hasSize(4);
            for (int k = 0; k < 3; k++) {
                assertThat(get(port + 10 * k, "/echo/hello")).contains("\"upstream\"");
                assertThat(get(port + 10 * k + ADMIN, "/cluster").split("\"status\":\"up\"", -1))
                        .hasSize(5);
            }
            long minute = assertExactly(20, port);

            killOneUpstream();
            for (int k = 0; k < 3; k++) {
                for (int i = 0; i < 4; i++) {
                    assertThat(get(port + 10 * k, "/echo/hello")).contains("\"upstream\" : \"two\"");
                }
            }
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(get(port + ADMIN, "/cluster/health"))
                            .contains("\"health\":\"UNHEALTHY\"", "_refused\",\"found_by\""));

            await().atMost(LONG).until(() -> minute() > minute);
            assertExactly(20, port);

            demo.destroy();

            assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(demo.exitValue()).isZero();
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        } finally {
            demo.destroyForcibly().onExit().join();
        }
    }

    @Test
    void nodesEndWhenTheirParentIsKilled() throws Exception {
        Process demo = start(freePort(), "demo", "--nodes", "2");
        try {
            awaitTold(demo);
            List<ProcessHandle> children = demo.children().toList();

            demo.destroyForcibly();

            assertThat(children).as("a node and two upstreams").hasSize(3);
            await().atMost(LONG).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            demo.destroyForcibly().onExit().join();
        }
    }

    /** As the lines tell what to try. */
    private void killOneUpstream() throws IOException {
        Matcher line =
                Pattern.compile("kill -9 (\\d+) +upstream 'one'").matcher(Files.readString(folder.resolve("demo.out")));
        assertThat(line.find()).isTrue();
        ProcessHandle upstream = ProcessHandle.of(Long.parseLong(line.group(1))).orElseThrow();
        upstream.destroyForcibly();
        await().atMost(LONG).until(() -> !upstream.isAlive());
    }

    private Process start(int port, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        builder.command().addAll(List.of(arguments));
        builder.environment()
                .putAll(Map.of(
                        "KONG_PROXY_LISTEN", "127.0.0.1:" + port,
                        "KONG_ADMIN_LISTEN", "127.0.0.1:" + (port + ADMIN),
                        "KONG_STATUS_LISTEN", "127.0.0.1:" + (port + 2 * STEP),
                        "SLUICE_CLUSTER_PORT", "" + (port + 3 * STEP),
                        "SLUICE_MANAGEMENT_PORT", "" + (port + 4 * STEP),
                        "KONG_PREFIX", folder.toString()));
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("demo.out").toFile())
                .start();
    }

    private void awaitTold(Process demo) {
        await().atMost(LONG).until(() -> {
            assertThat(demo.isAlive())
                    .as(Files.readString(folder.resolve("demo.out")))
                    .isTrue();
            return Files.readString(folder.resolve("demo.out")).contains("Ctrl-C stops all.");
        });
    }

    /** Of many requests at once, spread over three proxies, the example's limit lets through as many as it says; in which minute. */
    private static long assertExactly(int limit, int port) {
        await().atMost(Duration.ofSeconds(50))
                .until(() -> Instant.now().atOffset(ZoneOffset.UTC).getSecond() < 40);
        long minute = minute();
        HttpClient client = HttpClient.newHttpClient();

        assertThat(passed(client, port, 60)).as("of 60 at once").isEqualTo(limit);
        assertThat(passed(client, port, 30)).as("of 30 more").isZero();
        assertThat(minute()).as("no new minute has begun").isEqualTo(minute);
        return minute;
    }

    private static long minute() {
        return Instant.now().getEpochSecond() / 60;
    }

    private static long passed(HttpClient client, int port, int requests) {
        return IntStream.range(0, requests)
                .mapToObj(k -> client.sendAsync(request(port + 10 * (k % 3), "/limited"), BodyHandlers.discarding()))
                .toList()
                .stream()
                .filter(answer -> answer.join().statusCode() == 200)
                .count();
    }

    private static String get(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(request(port, path), BodyHandlers.ofString())
                .body();
    }

    private static HttpRequest request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
    }

    /** The first port of the first node; all ports of three nodes are free as far as one can tell. */
    private static int freePort() throws IOException {
        while (true) {
            int port;
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = first.getLocalPort();
            }
            if (IntStream.range(0, 15).allMatch(i -> isFree(port + 10 * (i / 5) + STEP * (i % 5)))) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
