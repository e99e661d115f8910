package io.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image that -Pimage has built, run without a container's runtime. */
class ImageIT {

    private static final Path IMAGE = Manifests.MODULE.resolve("target/image.tar");
    private static final long MOST_BYTES = 130_000_000;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final Duration NOTICE = Duration.ofSeconds(4);

    @TempDir
    private static Path folder;

    private static ContainerFolder container;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        assumeTrue(Files.exists(IMAGE), "no target/image.tar (expected: after -Pimage)");
        container = ContainerFolder.unpack(IMAGE, folder);
    }

    @Test
    void itIsSmallAndHasNoShell() {
        assertThat(container.bytes()).isLessThan(MOST_BYTES);
        assertThat(container.user()).isEqualTo("10001:10001");
        assertThat(container.environment()).containsEntry("SLUICE_LOG", "json");
        assertThat(Stream.of("bin/sh", "usr/bin/sh", "bin/busybox", "usr/bin/env")
                        .map(container.root()::resolve))
                .noneMatch(Files::exists);
    }

    @Test
    void itsCommandsWorkUnderBothNames() throws Exception {
        assumeRoot();

        assertThat(said("sluice", "version")).startsWith("Sluice ").contains("speaks Kong");
        assertThat(said("kong", "config", "parse", "/opt/kong/kong.yaml")).contains("parse successful");
    }

    @Test
    void itRunsAsTheDeploymentThatPeopleHaveAndDrainsWhenItIsStopped() throws Exception {
        assumeRoot();
        int proxy = freePort();
        int admin = freePort();
        Map<String, String> variables = seedVariables();
        variables.replace("KONG_ADMIN_LISTEN", "127.0.0.1:" + admin);
        variables.put("KONG_PROXY_LISTEN", "127.0.0.1:" + proxy);
        variables.put("KONG_STATUS_LISTEN", "off");
        variables.put("SLUICE_DRAIN_DELAY", "6s");
        variables.put("SLUICE_DATA_DIR", "/tmp");
        Path output = folder.resolve("node.log");

        Process node = container.start(variables, output, container.command());
        try {
            URI probe = URI.create("http://127.0.0.1:" + admin + "/status");
            await().atMost(START).until(() -> !node.isAlive() || statusOf(probe) == 200);
            assertThat(node.isAlive()).as(Files.readString(output)).isTrue();
            assertThat(statusOf(URI.create("http://127.0.0.1:" + proxy + "/"))).isEqualTo(404);
            assertThat(bodyOf(probe)).contains("\"limits\":{\"storage\":\"disk\",\"degraded\":false}");

            node.destroy();
            await().atMost(NOTICE).until(() -> Files.readString(output).contains("asked to stop"));
            // Others have not noticed yet: it still serves.
            assertThat(statusOf(URI.create("http://127.0.0.1:" + proxy + "/"))).isEqualTo(404);
            assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();

            assertThat(node.exitValue()).as(Files.readString(output)).isZero();
            assertThat(Files.readAllLines(output))
                    .filteredOn(
                            line -> !line.contains("\"GET / HTTP/1.1\"") && !line.contains("\"GET /status HTTP/1.1\""))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
        } finally {
            node.destroyForcibly();
        }
    }

    private static void assumeRoot() throws IOException, InterruptedException {
        assumeTrue(ContainerFolder.canRun(), "no mounts and no chroot for this user");
    }

    /** What the Deployment of the article sets. */
    private static Map<String, String> seedVariables() {
        var deployment =
                Manifests.one(Manifests.SEED.resolve("01-gateway-deployment.yaml"), "Deployment", "kong-gateway");
        Object node = Manifests.list(deployment, "spec", "template", "spec", "containers")
                .get(0);
        Map<String, String> variables = new HashMap<>();
        Manifests.list(node, "env")
                .forEach(one -> variables.put(
                        Manifests.at(one, "name").toString(),
                        Manifests.at(one, "value").toString()));
        return variables;
    }

    private String said(String... words) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "said", ".txt");
        Process process = container.start(Map.of(), output, List.of(words));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    /** The status, or 0 if nobody answers. */
    private int statusOf(URI uri) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(uri).timeout(PROBE).build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private String bodyOf(URI uri) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).timeout(PROBE).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
