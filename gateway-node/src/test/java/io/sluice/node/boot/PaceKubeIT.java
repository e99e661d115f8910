package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon a node goes by what a real API server says. Prints what it measures: see loadtest/results. */
class PaceKubeIT {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int CHANGES = 120;
    private static final int INGRESSES = 1_000;
    private static final int ENDPOINTS_EACH = 5;

    @TempDir
    private Path folder;

    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private KubeRig rig;
    private PodNode.Ports ports;
    private PodNode node;

    @BeforeEach
    void openRig() throws IOException {
        rig = KubeRig.open(folder);
        rig.define();
        ports = PodNode.Ports.free();
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void oneChangedEndpointIsLiveSoon() throws Exception {
        int[] targets = {server("0"), server("1")};
        rig.service("web", 80, targets[0]);
        ingress("web", "web");
        start();
        await().atMost(LONG).until(() -> answer().equals("0"));

        List<Long> millis = new ArrayList<>();
        for (int i = 1; i <= CHANGES; i++) {
            String expected = Integer.toString(i % 2);
            long begun = System.nanoTime();
            rig.endpoints("web", List.of(targets[i % 2]));
            await().atMost(LONG)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> answer().equals(expected));
            millis.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
        }

        List<Long> sorted = millis.stream().sorted().toList();
        System.out.printf(
                "endpoint change to live: n %d, p50 %d ms, p90 %d ms, p99 %d ms, max %d ms%n",
                CHANGES,
                sorted.get(CHANGES / 2),
                sorted.get(CHANGES * 9 / 10),
                sorted.get(CHANGES * 99 / 100),
                sorted.get(CHANGES - 1));
        assertThat(sorted.get(CHANGES / 2)).isLessThan(1_000);
    }

    @Test
    void thousandIngressesAreLiveSoonAfterTheStart() throws Exception {
        int target = server("0");
        IntStream.range(0, INGRESSES).parallel().forEach(k -> {
            String name = "web-" + k;
            rig.apply("""
                    apiVersion: v1
                    kind: Service
                    metadata: {name: %s}
                    spec: {ports: [{name: http, port: 80}]}
                    """.formatted(name));
            endpoints(name, k, k == INGRESSES - 1 ? target : 8080);
            ingress(name, name);
        });

        long begun = System.nanoTime();
        start();
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(node::isReady);
        long ready = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> !RawCall.get("127.0.0.1", ports.proxy(), "web-" + (INGRESSES - 2), "/")
                        .body()
                        .contains("no Route matched"));
        long live = Duration.ofNanos(System.nanoTime() - begun).toMillis();

        System.out.printf(
                "%d ingresses, %d endpoints: ready %d ms, live %d ms after the process' start%n",
                INGRESSES, INGRESSES * ENDPOINTS_EACH, ready, live);
        System.out.println(node.log()
                .lines()
                .filter(line -> line.contains("live") || line.contains("started"))
                .toList());
        assertThat(Duration.ofMillis(live)).isLessThan(Duration.ofSeconds(30));
    }

    private void endpoints(String name, int k, int port) {
        rig.admin
                .endpoints()
                .inNamespace(rig.namespace)
                .resource(new EndpointsBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .addNewSubset()
                        .addAllToAddresses(IntStream.range(0, ENDPOINTS_EACH)
                                .mapToObj(i -> new EndpointAddressBuilder()
                                        .withIp("10." + (100 + k / 250) + "." + k % 250 + "." + (i + 1))
                                        .build())
                                .toList())
                        .addNewPort()
                        .withName("http")
                        .withPort(port)
                        .endPort()
                        .endSubset()
                        .build())
                .create();
    }

    private void ingress(String host, String service) {
        rig.apply("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: %s, annotations: {kubernetes.io/ingress.class: kong}}
                spec:
                  rules:
                  - host: %s
                    http:
                      paths:
                      - {path: /, pathType: Prefix, backend: {service: {name: %s, port: {number: 80}}}}
                """.formatted(service, host, service));
    }

    private void start() throws IOException {
        node = PodNode.start(
                "127.0.0.1",
                ports,
                rig.account(),
                folder,
                Map.of(
                        "SLUICE_INGRESS",
                        "on",
                        "SLUICE_WATCH_NAMESPACE",
                        rig.namespace,
                        "SLUICE_CLUSTER_DISCOVERY",
                        "none",
                        "SLUICE_KUBECONFIG",
                        rig.kubeconfig().toString()));
    }

    private String answer() {
        try {
            return RawCall.get("127.0.0.1", ports.proxy(), "web", "/").body();
        } catch (IOException e) {
            return "";
        }
    }

    private int server(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(KubeRig.ownAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, name.length());
            exchange.getResponseBody().write(name.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }
}
