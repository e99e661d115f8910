package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What three nodes write into the status of a real API server's objects, with the access that our manifests give. */
class StatusKubeIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    /** Longer than the pause after which all statuses are looked at again, and the proxy's Service read. */
    private static final Duration QUIET = Duration.ofSeconds(65);

    private static final String PROXY = "sluice-proxy";
    private static final String EVERYWHERE = "True Programmed live on 3 of 3 nodes";

    @TempDir
    private Path folder;

    private final List<PodNode> nodes = new ArrayList<>();
    private KubeRig rig;
    private PodNode.Ports ports;

    @BeforeEach
    void openRig() throws IOException {
        rig = KubeRig.open(folder);
        rig.define();
        ports = PodNode.Ports.free();
    }

    @AfterEach
    void stop() {
        nodes.forEach(PodNode::close);
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void objectsSayWhatBecameOfThemOnce() throws Exception {
        startThree();
        plugin("teapot", "request-termination", "{status_code: 418}");
        plugin("wrong", "rate-limiting", "{minute: many}");
        consumer("alice");
        ingress("shop", "teapot, wrong");
        ingress("plain", "teapot");

        awaitStatus("KongPlugin", "teapot", EVERYWHERE);
        awaitStatus("KongConsumer", "alice", EVERYWHERE);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(programmed("KongPlugin", "wrong"))
                        .isEqualTo("False Invalid config.minute: expected a number"));
        for (PodNode node : nodes) {
            assertThat(RawCall.get(node.ip(), ports.proxy(), "shop", "/").status())
                    .isEqualTo(418);
        }
        assertThat(addresses("shop")).isEmpty();

        balance("203.0.113.7");
        awaitAddress("shop", "203.0.113.7");
        awaitAddress("plain", "203.0.113.7");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(warnings())
                        .extracting(StatusKubeIT::told)
                        .containsExactlyInAnyOrder(
                                "KongPlugin wrong 1: config.minute: expected a number",
                                "Ingress shop 1: metadata.annotations[konghq.com/plugins]: 'wrong' is not applied: KongPlugin "
                                        + rig.namespace + "/wrong is refused"));
        assertNothingIsWritten(versions());
        assertNothingWasForbidden();
    }

    @Test
    void nextLeaderWritesOnlyWhatDiffers() throws Exception {
        startThree();
        balance("203.0.113.7");
        plugin("teapot", "request-termination", "{status_code: 418}");
        plugin("wrong", "rate-limiting", "{minute: many}");
        plugin("late", "rate-limiting", "{minute: 5, policy: local}");
        consumer("alice");
        ingress("shop", "teapot, wrong, late");
        awaitStatus("KongPlugin", "teapot", EVERYWHERE);
        awaitStatus("KongPlugin", "late", EVERYWHERE);
        awaitStatus("KongConsumer", "alice", EVERYWHERE);
        awaitAddress("shop", "203.0.113.7");
        await().atMost(LONG).untilAsserted(() -> assertThat(warnings()).hasSize(2));
        Map<String, String> before = versions();

        PodNode leader = leader();
        leader.kill();
        nodes.remove(leader);
        plugin("late", "rate-limiting", "{minute: 0, policy: local}");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(programmed("KongPlugin", "late"))
                        .startsWith("False Invalid config.minute: ")
                        .endsWith("still in force"));
        assertThat(leader()).isNotNull();
        await().atMost(LONG).untilAsserted(() -> assertThat(warnings()).hasSizeGreaterThan(2));
        Map<String, String> after = versions();
        before.remove("KongPlugin/late");
        assertThat(after).containsAllEntriesOf(before);
        assertNothingIsWritten(after);
        assertNothingWasForbidden();
    }

    private void startThree() throws Exception {
        rig.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s}
                spec: {type: LoadBalancer, ports: [{name: http, port: 80}]}
                """.formatted(PROXY));
        rig.service("web", 80, 8080);
        PodNode.Account account = rig.account();
        Map<String, String> variables = new HashMap<>();
        variables.put("SLUICE_INGRESS", "on");
        variables.put("SLUICE_KUBECONFIG", rig.kubeconfig().toString());
        variables.put("SLUICE_PUBLISH_SERVICE", rig.namespace + "/" + PROXY);
        variables.put("POD_NAMESPACE", rig.namespace);
        for (int k = 1; k <= 3; k++) {
            String ip = "127.0.0." + k;
            rig.pod(ip, ports.management());
            variables.put("POD_NAME", "sluice-127-0-0-" + k);
            nodes.add(PodNode.start(ip, ports, account, folder, variables));
        }
        for (PodNode node : nodes) {
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> node.membersUp() == 3 && node.isReady());
        }
    }

    /** As a cloud provider does it. */
    private void balance(String ip) {
        rig.admin
                .services()
                .inNamespace(rig.namespace)
                .withName(PROXY)
                .editStatus(service -> service.edit()
                        .editOrNewStatus()
                        .withNewLoadBalancer()
                        .addNewIngress()
                        .withIp(ip)
                        .endIngress()
                        .endLoadBalancer()
                        .endStatus()
                        .build());
    }

    private void plugin(String name, String plugin, String config) {
        rig.apply("""
                apiVersion: configuration.konghq.com/v1
                kind: KongPlugin
                metadata: {name: %s}
                plugin: %s
                config: %s
                """.formatted(name, plugin, config));
    }

    private void consumer(String name) {
        rig.apply("""
                apiVersion: configuration.konghq.com/v1
                kind: KongConsumer
                metadata: {name: %s, annotations: {kubernetes.io/ingress.class: kong}}
                username: %s
                """.formatted(name, name));
    }

    private void ingress(String name, String plugins) {
        rig.apply("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: %s, annotations: {kubernetes.io/ingress.class: kong, konghq.com/plugins: '%s'}}
                spec:
                  rules:
                  - host: %s
                    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
                """.formatted(name, plugins, name));
    }

    private static String told(Event event) {
        return event.getInvolvedObject().getKind() + " "
                + event.getInvolvedObject().getName() + " " + event.getCount() + ": " + event.getMessage();
    }

    private void awaitStatus(String kind, String name, String expected) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(programmed(kind, name)).isEqualTo(expected));
    }

    private void awaitAddress(String ingress, String ip) {
        await().atMost(LONG).untilAsserted(() -> assertThat(addresses(ingress)).containsExactly(ip));
    }

    /** Status, reason and message of that condition; empty if there is none. */
    private String programmed(String kind, String name) {
        GenericKubernetesResource object = rig.admin
                .genericKubernetesResources("configuration.konghq.com/v1", kind)
                .inNamespace(rig.namespace)
                .withName(name)
                .get();
        if (!(object.getAdditionalProperties().get("status") instanceof Map<?, ?> status)
                || !(status.get("conditions") instanceof List<?> conditions)) {
            return "";
        }
        return conditions.stream()
                .map(Map.class::cast)
                .filter(one -> "Programmed".equals(one.get("type")))
                .map(one -> one.get("status") + " " + one.get("reason") + " " + one.get("message"))
                .findFirst()
                .orElse("");
    }

    private List<String> addresses(String ingress) {
        return rig
                .admin
                .network()
                .v1()
                .ingresses()
                .inNamespace(rig.namespace)
                .withName(ingress)
                .get()
                .getStatus()
                .getLoadBalancer()
                .getIngress()
                .stream()
                .map(one -> one.getIp())
                .toList();
    }

    private List<Event> warnings() {
        return rig.admin.v1().events().inNamespace(rig.namespace).list().getItems().stream()
                .filter(event -> event.getType().equals("Warning"))
                .filter(event -> "sluice".equals(event.getReportingComponent()))
                .toList();
    }

    /** Of all that nodes write to. */
    private Map<String, String> versions() {
        List<HasMetadata> all = new ArrayList<>(warnings());
        all.addAll(rig.admin
                .network()
                .v1()
                .ingresses()
                .inNamespace(rig.namespace)
                .list()
                .getItems());
        for (String kind : List.of("KongPlugin", "KongConsumer")) {
            all.addAll(rig.admin
                    .genericKubernetesResources("configuration.konghq.com/v1", kind)
                    .inNamespace(rig.namespace)
                    .list()
                    .getItems());
        }
        Map<String, String> versions = new TreeMap<>();
        all.forEach(one -> versions.put(
                one.getKind() + "/" + one.getMetadata().getName(),
                one.getMetadata().getResourceVersion()));
        return versions;
    }

    private void assertNothingIsWritten(Map<String, String> versions) {
        await().pollInterval(Duration.ofSeconds(1))
                .during(QUIET)
                .atMost(QUIET.plusSeconds(10))
                .untilAsserted(() -> assertThat(versions()).isEqualTo(versions));
    }

    private void assertNothingWasForbidden() {
        assertThat(nodes)
                .allSatisfy(node -> assertThat(node.log())
                        .doesNotContain("forbids")
                        .doesNotContain("may not")
                        .doesNotContain("does not take")
                        .doesNotContain("status could not be worked out"));
    }

    /** The one that said last that it writes. */
    private PodNode leader() throws IOException {
        for (PodNode node : nodes) {
            String log = node.log();
            if (log.lastIndexOf("this node writes the status") > log.lastIndexOf("this node no longer writes")) {
                return node;
            }
        }
        throw new AssertionError("no node writes status");
    }
}
