package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is its own ingress controller, before an API server in memory. */
class IngressIT {

    private final HttpClient client = HttpClient.newHttpClient();
    private final MockCluster cluster = new MockCluster();
    private final List<HttpServer> pods = new ArrayList<>();
    private int proxy;
    private GatewayNode node;

    @TempDir
    private Path folder;

    @AfterEach
    void stop() throws Exception {
        if (node != null) {
            node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        pods.forEach(pod -> pod.stop(0));
        cluster.close();
    }

    private void start() throws Exception {
        proxy = freePort();
        node = start(cluster.url(), proxy, folder, Map.of());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static GatewayNode start(String server, int proxy, Path folder, Map<String, String> more) throws Exception {
        Map<String, String> variables = new HashMap<>(Map.of(
                "SLUICE_INGRESS",
                "on",
                "SLUICE_APISERVER_HOST",
                server,
                "KONG_PROXY_LISTEN",
                "127.0.0.1:" + proxy,
                "KONG_ADMIN_LISTEN",
                "127.0.0.1:0",
                "KONG_STATUS_LISTEN",
                "127.0.0.1:0",
                "CONTROLLER_PUBLISH_STATUS_ADDRESS",
                "203.0.113.7",
                "KONG_PREFIX",
                folder.toString()));
        variables.putAll(more);
        NodeSettings settings =
                ((ReadSettings.Accepted) SettingsReader.read(variables, Map.of(), Optional.empty())).settings();
        return GatewayNode.start(settings);
    }

    /** A server that answers with its name, and its port. */
    private int pod(String name) throws IOException {
        HttpServer pod = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pod.setExecutor(Executors.newCachedThreadPool());
        byte[] body = name.getBytes(StandardCharsets.UTF_8);
        pod.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        pod.start();
        pods.add(pod);
        return pod.getAddress().getPort();
    }

    private static String service() {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop}
                spec: {ports: [{name: http, port: 80}]}
                """;
    }

    /** One slice for each port: the pods of this test share one address. */
    private static String slice(int port, String conditions) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: web-%d, namespace: shop, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                ports: [{name: http, port: %d, protocol: TCP}]
                endpoints: [{addresses: [127.0.0.1], conditions: {%s}}]
                """.formatted(port, port, conditions);
    }

    private static String ingress(String name, String path, String annotations) {
        return """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: %s, namespace: shop, annotations: {%s}}
                spec:
                  ingressClassName: kong
                  rules:
                  - http:
                      paths:
                      - {path: %s, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
                """.formatted(name, annotations, path);
    }

    private static String plugin(String config) {
        return """
                apiVersion: configuration.konghq.com/v1
                kind: KongPlugin
                metadata: {name: end, namespace: shop}
                plugin: request-termination
                config: {%s}
                """.formatted(config);
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private String answer(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get("http://127.0.0.1:" + proxy + path);
        return response.statusCode() + (response.statusCode() == 200 ? " " + response.body() : "");
    }

    private HttpResponse<String> ready() throws IOException, InterruptedException {
        return get(node.statusUrl() + "/status/ready");
    }

    @Test
    void servesAnIngressAndFollowsItsEndpoints() throws Exception {
        int blue = pod("blue");
        int green = pod("green");
        cluster.apply(service());
        cluster.apply(slice(blue, "ready: true"));
        cluster.apply(ingress("web", "/", ""));

        start();
        await().until(() -> ready().statusCode() == 200);
        assertThat(answer("/")).isEqualTo("200 blue");
        cluster.apply(slice(green, "ready: true"));
        cluster.apply(slice(blue, "ready: false, terminating: true"));

        await().until(() -> answer("/").equals("200 green"));
    }

    @Test
    void servesPodsThatHaveIPv6Addresses() throws Exception {
        HttpServer pod = HttpServer.create(new InetSocketAddress(ipv6Loopback(), 0), 0);
        pods.add(pod);
        pod.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write("six".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        pod.start();
        cluster.apply(service());
        cluster.apply(slice(pod.getAddress().getPort(), "ready: true")
                .replace("IPv4", "IPv6")
                .replace("127.0.0.1", "'::1'"));
        cluster.apply(ingress("web", "/", ""));
        start();

        await().until(() -> ready().statusCode() == 200);
        assertThat(answer("/")).isEqualTo("200 six");
    }

    private static InetAddress ipv6Loopback() throws IOException {
        InetAddress six = InetAddress.getByName("::1");
        boolean there = NetworkInterface.getByInetAddress(six) != null;
        assumeTrue(there, "this machine has no IPv6");
        return six;
    }

    @Test
    void anInvalidPluginHurtsOnlyItselfAndTheFormerFormStays() throws Exception {
        cluster.apply(service());
        cluster.apply(slice(pod("blue"), "ready: true"));
        cluster.apply(ingress("web", "/", ""));
        cluster.apply(ingress("ended", "/ended", "konghq.com/plugins: end"));
        cluster.apply(plugin("status_code: 410"));
        start();
        await().until(() -> ready().statusCode() == 200);
        assertThat(answer("/ended/x")).isEqualTo("410");

        cluster.apply(plugin("status_code: 7"));
        cluster.apply(ingress("odd", "/~/odd(", ""));
        cluster.apply(ingress("more", "/more", "konghq.com/strip-path: 'true'"));

        await().until(() -> get(node.adminUrl() + "/routes/shop.more.web..80").statusCode() == 200);
        assertThat(answer("/ended/x")).isEqualTo("410");
        assertThat(answer("/more")).isEqualTo("200 blue");
    }

    @Test
    void objectsSayInTheirStatusWhatIsLive() throws Exception {
        cluster.apply(service());
        cluster.apply(slice(pod("blue"), "ready: true"));
        cluster.apply(ingress("web", "/", "konghq.com/plugins: end"));
        cluster.apply(plugin("status_code: 410"));
        start();

        String api = cluster.url() + "/apis/";
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get(api + "networking.k8s.io/v1/namespaces/shop/ingresses/web")
                        .body()
                        .contains("203.0.113.7"));
        String object = api + "configuration.konghq.com/v1/namespaces/shop/kongplugins/end";
        await().atMost(Duration.ofSeconds(30)).until(() -> get(object).body().contains("live on 1 of 1 node"));

        cluster.apply(plugin("status_code: 7"));

        await().atMost(Duration.ofSeconds(30)).until(() -> get(object).body().contains("\"Invalid\""));
        String events = cluster.url() + "/api/v1/namespaces/shop/events";
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get(events).body().contains("KongConfigurationTranslationFailed"));
        assertThat(get(events).body()).contains("config.status_code");
    }

    @Test
    void goesOnAndStaysReadyWhenTheApiServerIsAway() throws Exception {
        cluster.apply(service());
        cluster.apply(slice(pod("blue"), "ready: true"));
        cluster.apply(ingress("web", "/", ""));
        start();
        await().until(() -> ready().statusCode() == 200);

        cluster.goAway();

        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> answer("/").equals("200 blue") && ready().statusCode() == 200);
    }

    @Test
    void isNotReadyBeforeItKnowsTheClusterAndSaysWhy() throws Exception {
        cluster.refusals.put("/apis/networking.k8s.io/v1/ingresses", 403);
        cluster.refusals.put("/apis/networking.k8s.io/v1", 403);

        start();

        await().untilAsserted(() -> assertThat(ready().body())
                .contains("no configuration from Kubernetes yet (list ingresses.networking.k8s.io: forbidden)"));
        assertThat(ready().statusCode()).isEqualTo(503);
    }

    /** Two nodes; the API server is there for the first one only. */
    @Test
    void aNodeThatStartsWhileTheApiServerIsAwayServesWhatTheOthersDo() throws Exception {
        cluster.apply(service());
        cluster.apply(slice(pod("blue"), "ready: true"));
        cluster.apply(ingress("web", "/", ""));
        String seeds = "127.0.0.1:" + freePort() + ",127.0.0.1:" + freePort();
        Path folders = Files.createDirectories(folder.resolve("nodes"));
        proxy = freePort();
        node = start(cluster.url(), proxy, Files.createDirectories(folders.resolve("1")), inCluster(seeds, 0));
        await().until(() -> ready().statusCode() == 200);
        String nobody = "http://127.0.0.1:" + freePort();
        int second = freePort();

        GatewayNode late = start(nobody, second, Files.createDirectories(folders.resolve("2")), inCluster(seeds, 1));
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> get(late.statusUrl() + "/status/ready").statusCode() == 200);
            assertThat(get("http://127.0.0.1:" + second + "/").body()).isEqualTo("blue");
            assertThat(late.membership().members().all()).hasSize(2);
        } finally {
            late.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static Map<String, String> inCluster(String seeds, int own) {
        String port = seeds.split(",", -1)[own].split(":", -1)[1];
        return Map.of(
                "SLUICE_CLUSTER_DISCOVERY",
                "seeds",
                "SLUICE_CLUSTER_SEEDS",
                seeds,
                "SLUICE_CLUSTER_PORT",
                port,
                "SLUICE_MANAGEMENT_PORT",
                "0");
    }

    @Test
    void aNodeThatNobodyTellsAnythingIsNotReady() throws Exception {
        cluster.goAway();
        start();

        await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(15)).until(() -> ready().statusCode() == 503);
        assertThat(ready().body()).contains("no configuration from Kubernetes yet (list ");
    }

    @Test
    void isReadyInAClusterThatHasNothingToServe() throws Exception {
        start();

        await().until(() -> ready().statusCode() == 200);
        assertThat(answer("/")).isEqualTo("404");
    }

    @Test
    void takesNoConfigurationFromTheAdminApi() throws Exception {
        start();
        await().until(() -> ready().statusCode() == 200);

        HttpResponse<String> posted = client.send(
                HttpRequest.newBuilder(URI.create(node.adminUrl() + "/config"))
                        .header("Content-Type", "text/yaml")
                        .POST(BodyPublishers.ofString("_format_version: '3.0'\nservices:\n- {name: a, host: h}\n"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(posted.statusCode()).isEqualTo(400);
        assertThat(posted.body()).contains("the configuration comes from Kubernetes");
    }

    /** As a deleted pod goes: out of the slices first, the process a second later, both under load. */
    @Test
    void losesNoRequestWhenAPodGoes() throws Exception {
        int blue = pod("blue");
        int green = pod("green");
        cluster.apply(service());
        cluster.apply(slice(blue, "ready: true"));
        cluster.apply(slice(green, "ready: true"));
        cluster.apply(ingress("web", "/", ""));
        start();
        await().until(() -> ready().statusCode() == 200);
        await().until(() ->
                Stream.of(answer("/"), answer("/"), answer("/"), answer("/")).anyMatch("200 blue"::equals));

        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy + "/"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long begin = System.nanoTime();
        for (int sent = 0; sent < 1_500; sent++) { // three seconds
            LockSupport.parkNanos(begin + sent * 2_000_000L - System.nanoTime());
            answers.add(client.sendAsync(request, BodyHandlers.ofString()));
            if (sent == 250) {
                cluster.apply(slice(blue, "ready: false, terminating: true"));
            } else if (sent == 750) {
                pods.get(0).stop(0);
            }
        }

        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        assertThat(answers.get(1_499).join().body()).isEqualTo("green");
    }
}
