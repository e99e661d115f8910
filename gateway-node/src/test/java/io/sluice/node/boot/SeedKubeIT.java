package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests that people have for Kong, applied to a real API server before a cluster of nodes; any server stands in for Grafana. */
class SeedKubeIT {

    private static final Path SEED = Path.of("../deploy/src/test/resources/seed");
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String HOST = "grafana.k8s.opstree.dev";

    @TempDir
    private Path folder;

    private final List<PodNode> nodes = new ArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();
    private KubeRig rig;
    private PodNode.Ports ports;
    private int tlsPort;

    @BeforeEach
    void startNodes() throws Exception {
        rig = KubeRig.open(folder);
        rig.define();
        ports = PodNode.Ports.free();
        tlsPort = PodNode.Ports.free().proxy();
    }

    @AfterEach
    void stop() {
        nodes.forEach(PodNode::close);
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void everyFileAppliesAndDoesWhatItSays() throws Exception {
        startCluster(3, tuning());
        rig.service("grafana-service", 3000, grafana("one"));

        applySeed("01-gateway-deployment.yaml");
        applySeed("04-grafana-ingress.yaml");
        addCertificate();
        awaitAnswer("one");
        assertThat(RawCall.overTls("127.0.0.1", tlsPort, HOST).certificate()).isEqualTo("CN=rsa.example");

        applySeed("05-plugins.yaml");
        applySeed("06-ingress-with-plugins.yaml");
        applySeed("07-traffic-split.yaml");
        applySeed("08-health-check.yaml");
        applySeed("10-security.yaml");
        annotate(Map.of("konghq.com/override", "grafana-traffic-split", "konghq.com/plugins", "grafana-health-check"));
        for (PodNode node : nodes) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(call(node).headers()).containsKey("ratelimit-limit"));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(RawCall.get(node.ip(), ports.admin(), "localhost", "/upstreams")
                                    .body())
                            .contains("\"algorithm\":\"round-robin\"", "\"slots\":1000", "\"interval\":10"));
        }
        assertThat(call(nodes.get(0)).headers())
                .containsEntry("access-control-allow-origin", "https://" + HOST)
                .containsEntry("ratelimit-limit", "100");

        assertThat(admitted()).isEqualTo(100);

        String settings =
                RawCall.get("127.0.0.1", ports.admin(), "localhost", "/").body();
        assertThat(settings).contains("\"upstream_keepalive_pool_size\":60", "\"upstream_keepalive_max_requests\":100");
        assertThat(nodes).allSatisfy(node -> assertThat(node.log()).doesNotContain("may not"));
    }

    @Test
    void changeOfEndpointsIsLiveAndObjectsThatGoAreGone() throws Exception {
        startCluster(1, Map.of());
        int one = grafana("one");
        int two = grafana("two");
        rig.service("grafana-service", 3000, one);
        applySeed("04-grafana-ingress.yaml");
        awaitAnswer("one");

        rig.endpoints("grafana-service", List.of(two));
        awaitAnswer("two");
        rig.endpoints("grafana-service", List.of());
        await().atMost(LONG).until(() -> call(nodes.get(0)).status() == 503);

        rig.admin
                .network()
                .v1()
                .ingresses()
                .inNamespace(rig.namespace)
                .withName("grafana-ingress")
                .delete();
        await().atMost(LONG).until(() -> call(nodes.get(0)).status() == 404);
    }

    private void startCluster(int count, Map<String, String> more) throws Exception {
        PodNode.Account account = rig.account();
        Map<String, String> variables = new HashMap<>(more);
        variables.put("SLUICE_INGRESS", "on");
        variables.put("SLUICE_KUBECONFIG", rig.kubeconfig().toString());
        for (int k = 1; k <= count; k++) {
            String ip = "127.0.0." + k;
            rig.pod(ip, ports.management());
            variables.put("KONG_PROXY_LISTEN", ip + ":" + ports.proxy() + ", " + ip + ":" + tlsPort + " ssl");
            nodes.add(PodNode.start(ip, ports, account, folder, variables));
        }
        for (PodNode node : nodes) {
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> node.membersUp() == count && node.isReady());
        }
    }

    private int grafana(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(KubeRig.ownAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            // Not those of health checks.
            if (exchange.getRequestHeaders().containsKey("Origin")) {
                asked.incrementAndGet();
            }
            exchange.sendResponseHeaders(200, name.length());
            exchange.getResponseBody().write(name.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    private void applySeed(String file) throws IOException {
        rig.apply(Files.readString(SEED.resolve(file))
                .replace("namespace: monitoring", "namespace: " + rig.namespace)
                .replace("namespace: kong\n", "namespace: " + rig.namespace + "\n")
                .replace("name: kong-ingress\n", "name: kong-ingress-" + rig.namespace + "\n"));
    }

    private void addCertificate() throws IOException {
        Path tls = Path.of("src/test/resources/tls");
        rig.admin
                .secrets()
                .inNamespace(rig.namespace)
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("grafana-tls")
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .addToStringData("tls.crt", Files.readString(tls.resolve("rsa.crt")))
                        .addToStringData("tls.key", Files.readString(tls.resolve("rsa.key")))
                        .build())
                .create();
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> RawCall.overTls("127.0.0.1", tlsPort, HOST)
                        .certificate()
                        .equals("CN=rsa.example"));
    }

    private void annotate(Map<String, String> annotations) {
        rig.admin
                .services()
                .inNamespace(rig.namespace)
                .withName("grafana-service")
                .edit(service -> service.edit()
                        .editMetadata()
                        .addToAnnotations(annotations)
                        .endMetadata()
                        .build());
    }

    /** The tuning values, as pods take a ConfigMap by envFrom. */
    private Map<String, String> tuning() throws IOException {
        var applied =
                rig.apply(Files.readString(SEED.resolve("09-tuning.yaml"))).get(0);
        return ((ConfigMap) applied).getData();
    }

    private void awaitAnswer(String body) {
        for (PodNode node : nodes) {
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> call(node).body().equals(body));
        }
    }

    private RawCall call(PodNode node) throws IOException {
        return RawCall.get(node.ip(), ports.proxy(), HOST, "/", "Origin: https://" + HOST);
    }

    /** How many requests of one minute reach the server, all nodes asked in turn, well more than allowed. */
    private int admitted() throws IOException {
        Instant begun = Instant.now();
        await().atMost(Duration.ofSeconds(70)).until(() -> {
            var now = Instant.now().atOffset(ZoneOffset.UTC);
            return now.toInstant()
                            .isAfter(begun.plusSeconds(
                                    61 - begun.atOffset(ZoneOffset.UTC).getSecond()))
                    && now.getSecond() < 15;
        });
        asked.set(0);
        for (int i = 0; i < 240; i++) {
            call(nodes.get(i % nodes.size()));
        }
        return asked.get();
    }
}
