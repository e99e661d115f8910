package io.sluice.k8s.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterAccessTest {

    private static final byte[] ANSWER = "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}"
            .getBytes(StandardCharsets.UTF_8);

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String accepted = "first";
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(token);
            int status = ("Bearer " + accepted).equals(token) ? 200 : 401;
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Path kubeconfig(String token) throws IOException {
        return Files.writeString(
                folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: one, user: node}}]
                clusters: [{name: one, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: node, user: {token: %s}}]
                """.formatted(server.getAddress().getPort(), token));
    }

    @Test
    void readsATokenAgainThatIsNotTakenAnyMore() throws IOException {
        Path file = kubeconfig("first");
        try (KubernetesClient client = ClusterAccess.open(new AccessSettings(Optional.empty(), Optional.of(file)))) {
            client.services().inNamespace("x").withName("a").get();
            accepted = "second";
            kubeconfig("second");

            client.services().inNamespace("x").withName("a").get();

            assertThat(asked).containsExactly("Bearer first", "Bearer first", "Bearer second");
        }
    }

    @Test
    void asksTheServerThatTheSettingsNameInsteadOfTheKubeconfigs() throws IOException {
        Path file = kubeconfig("first");
        String text = Files.readString(file).replaceAll("server: \"[^\"]*\"", "server: \"http://127.0.0.1:1\"");
        Files.writeString(file, text);
        URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());

        try (KubernetesClient client = ClusterAccess.open(new AccessSettings(Optional.of(here), Optional.of(file)))) {
            client.services().inNamespace("x").withName("a").get();
        }

        assertThat(asked).containsExactly("Bearer first");
    }

    @Test
    void failsOnceAndAtOnceWhereNothingListens() throws IOException {
        Path file = kubeconfig("first");
        server.stop(0);

        try (KubernetesClient client = ClusterAccess.open(new AccessSettings(Optional.empty(), Optional.of(file)))) {
            assertThatThrownBy(() ->
                            client.services().inNamespace("x").withName("a").get())
                    .isInstanceOf(KubernetesClientException.class);
        }
    }

    @Test
    void refusesWhatIsNoKubeconfig() throws IOException {
        Path missing = folder.resolve("missing");
        Path odd = Files.writeString(folder.resolve("odd"), "[1, 2");
        Path empty = Files.writeString(folder.resolve("empty"), "apiVersion: v1\nkind: Config\n");

        for (Path file : List.of(missing, odd, empty)) {
            assertThatThrownBy(() -> ClusterAccess.open(new AccessSettings(Optional.empty(), Optional.of(file))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(file + " (expected: ");
        }
    }
}
