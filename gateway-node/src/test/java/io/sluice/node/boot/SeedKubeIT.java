package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The manifests that people have for Kong, applied to a real API server before a cluster of nodes; any server stands in for Grafana.
 *
 * <p>Two of the files are for programs that do not come with this version: 02 is an operator's object, 11 a chart's command line. What
 * they tell the gateway itself, its variables, the nodes here are started with. The container of 01 is run by the image's own test.
 */
class SeedKubeIT {

    private static final Path SEED = Path.of("../deploy/src/test/resources/seed");
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String HOST = "grafana.k8s.opstree.dev";
    /** Of the container of 03. */
    private static final int GRAFANA_PORT = 3000;

    private static final int CALLERS = 10;
    private static final int CALLS = 200;

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
        Map<String, String> variables = tuning();
        variables.putAll(operatorVariables());
        variables.putAll(helmVariables());
        assertThat(variables).containsEntry("KONG_DATABASE", "off").containsEntry("KONG_ROUTER_FLAVOR", "traditional");
        startCluster(3, variables);
        grafana("one", GRAFANA_PORT);

        applySeed("01-gateway-deployment.yaml");
        applySeed("03-grafana.yaml");
        applySeed("04-grafana-ingress.yaml");
        addCertificate();
        await().atMost(LONG).until(() -> call(nodes.get(0)).status() == 503);
        rig.runPods("grafana", 2, KubeRig.ownAddress());
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

    /** As a deleted pod goes: its endpoint first, the process a second later; 500 requests a second to three nodes meanwhile. */
    @Test
    void losesNoRequestWhenAPodGoes() throws Exception {
        startCluster(3, Map.of());
        int one = grafana("one");
        int two = grafana("two");
        rig.service("grafana-service", 3000, one, two);
        applySeed("04-grafana-ingress.yaml");
        for (PodNode node : nodes) {
            await().atMost(LONG).until(() -> call(node).status() == 200);
        }

        List<Future<List<Integer>>> callers = new ArrayList<>();
        for (int k = 0; k < CALLERS; k++) {
            callers.add(threads.submit(this::callForAWhile));
        }
        await().atMost(LONG).until(() -> asked.get() > 500);
        rig.endpoints("grafana-service", List.of(two));
        await().atMost(LONG).until(() -> asked.get() > 1_000);
        servers.get(0).stop(0);

        for (Future<List<Integer>> caller : callers) {
            assertThat(caller.get(30, TimeUnit.SECONDS)).hasSize(CALLS).containsOnly(200);
        }
        assertThat(call(nodes.get(0)).body()).isEqualTo("two");
    }

    /** 50 a second, in turn to all nodes. */
    private List<Integer> callForAWhile() throws IOException {
        List<Integer> statuses = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            LockSupport.parkNanos(begun + i * 20_000_000L - System.nanoTime());
            statuses.add(call(nodes.get(i % nodes.size())).status());
        }
        return statuses;
    }

    /** The role of 10, for an account that has no other: it does not name Secrets, slices of endpoints or the status of Ingresses. */
    @Test
    void theRoleThatPeopleHaveIsEnoughToServeAndTheRestIsSaid() throws Exception {
        applySeed("10-security.yaml");
        rig.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: kong}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: kong-ingress-%1$s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kong-ingress-%1$s}
                subjects: [{kind: ServiceAccount, name: kong, namespace: %1$s}]
                """.formatted(rig.namespace));
        rig.service("grafana-service", 3000, grafana("one"));
        applySeed("04-grafana-ingress.yaml");
        applySeed("05-plugins.yaml");
        applySeed("06-ingress-with-plugins.yaml");

        startCluster(
                1,
                Map.of(
                        "SLUICE_KUBECONFIG",
                        rig.kubeconfig("kong").toString(),
                        "SLUICE_PUBLISH_STATUS_ADDRESS",
                        "203.0.113.7"));

        awaitAnswer("one");
        assertThat(call(nodes.get(0)).headers()).containsEntry("ratelimit-limit", "100");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(nodes.get(0).log().lines())
                        .anyMatch(line -> line.contains("forbids") && line.contains("list") && line.contains("secrets"))
                        .anyMatch(line -> line.contains("forbids")
                                && line.contains("patch")
                                && line.contains("ingresses.networking.k8s.io/status")));
    }

    private void startCluster(int count, Map<String, String> more) throws Exception {
        PodNode.Account account = rig.account();
        Map<String, String> variables = new HashMap<>();
        variables.put("SLUICE_INGRESS", "on");
        variables.put("SLUICE_KUBECONFIG", rig.kubeconfig().toString());
        variables.putAll(more);
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
        return grafana(name, 0);
    }

    private int grafana(String name, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(KubeRig.ownAddress(), port), 0);
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
        return new HashMap<>(((ConfigMap) applied).getData());
    }

    /** What the operator's object has under {@code env}, by the names that the gateway knows it by. */
    private static Map<String, String> operatorVariables() throws IOException {
        try (var in = Files.newInputStream(SEED.resolve("02-operator.yaml"))) {
            GenericKubernetesResource kong = Serialization.unmarshal(in, GenericKubernetesResource.class);
            Map<String, ?> given = kong.get("spec", "values", "env");
            Map<String, String> variables = new HashMap<>();
            given.forEach(
                    (name, value) -> variables.put("KONG_" + name.toUpperCase(Locale.ROOT), String.valueOf(value)));
            return variables;
        }
    }

    /** The same of the chart's command line. */
    private static Map<String, String> helmVariables() throws IOException {
        Map<String, String> variables = new HashMap<>();
        Matcher given =
                Pattern.compile("--set env\\.(\\w+)=(\\S+)").matcher(Files.readString(SEED.resolve("11-helm.txt")));
        while (given.find()) {
            variables.put("KONG_" + given.group(1).toUpperCase(Locale.ROOT), given.group(2));
        }
        return variables;
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
