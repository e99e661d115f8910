package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one node writes into the status of every kind that has one, as a real API server with our definitions takes it. */
class StatusKindsKubeIT {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String LIVE = "True Programmed live on 1 of 1 node";

    @TempDir
    private Path folder;

    private final List<PodNode> nodes = new ArrayList<>();
    private KubeRig rig;

    @BeforeEach
    void openRig() throws IOException {
        rig = KubeRig.open(folder);
        rig.define();
    }

    @AfterEach
    void stop() {
        nodes.forEach(PodNode::close);
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void everyKindSaysThatItIsLive() throws Exception {
        applyAll();

        start(Map.of("SLUICE_PUBLISH_STATUS_ADDRESS", "lb.example, 203.0.113.9, 2001:db8::7"));

        for (String name : Set.of(
                "KongPlugin/one",
                "KongClusterPlugin/" + rig.namespace,
                "KongConsumer/alice",
                "KongConsumerGroup/gold",
                "KongVault/" + rig.namespace,
                "KongCustomEntity/keys",
                "KongIngress/settings")) {
            await(name)
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(conditions(name)).containsExactly(LIVE));
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(ancestors("policy")).containsExactly("Service other", LIVE));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(addresses())
                        .containsExactly("hostname=lb.example", "ip=203.0.113.9", "ip=2001:db8::7"));
        assertThat(nodes.get(0).log())
                .doesNotContain("forbids")
                .doesNotContain("does not take")
                .doesNotContain("status could not be worked out");
    }

    @Test
    void ingressesGetTheNameThatTheLoadBalancerHas() throws Exception {
        applyAll();
        rig.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: proxy}
                spec: {type: LoadBalancer, ports: [{name: http, port: 80}]}
                """);
        rig.admin
                .services()
                .inNamespace(rig.namespace)
                .withName("proxy")
                .editStatus(service -> service.edit()
                        .editOrNewStatus()
                        .withNewLoadBalancer()
                        .addNewIngress()
                        .withHostname("elb.example.com")
                        .endIngress()
                        .endLoadBalancer()
                        .endStatus()
                        .build());

        start(Map.of("SLUICE_PUBLISH_SERVICE", rig.namespace + "/proxy"));

        await().atMost(LONG).untilAsserted(() -> assertThat(addresses()).containsExactly("hostname=elb.example.com"));
    }

    private void applyAll() {
        rig.endpoints("web", List.of(8080));
        rig.endpoints("other", List.of(8080));
        rig.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, annotations: {konghq.com/override: settings}}
                spec: {ports: [{name: http, port: 80}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: other, annotations: {konghq.com/upstream-policy: policy}}
                spec: {ports: [{name: http, port: 80}]}
                ---
                apiVersion: configuration.konghq.com/v1
                kind: KongIngress
                metadata: {name: settings}
                upstream: {algorithm: least-connections}
                ---
                apiVersion: configuration.konghq.com/v1beta1
                kind: KongUpstreamPolicy
                metadata: {name: policy}
                spec: {algorithm: least-connections, slots: 100}
                ---
                apiVersion: configuration.konghq.com/v1
                kind: KongPlugin
                metadata: {name: one}
                plugin: request-termination
                config: {status_code: 418}
                ---
                apiVersion: configuration.konghq.com/v1
                kind: KongConsumer
                metadata: {name: alice, annotations: {kubernetes.io/ingress.class: kong}}
                username: alice
                ---
                apiVersion: configuration.konghq.com/v1beta1
                kind: KongConsumerGroup
                metadata: {name: gold, annotations: {kubernetes.io/ingress.class: kong}}
                ---
                apiVersion: configuration.konghq.com/v1alpha1
                kind: KongCustomEntity
                metadata: {name: keys}
                spec: {type: key_sets, controllerName: kong, fields: {name: signing}}
                ---
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: shop, annotations: {kubernetes.io/ingress.class: kong, konghq.com/plugins: one}}
                spec:
                  rules:
                  - host: shop
                    http:
                      paths:
                      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
                      - {path: /other, pathType: Prefix, backend: {service: {name: other, port: {number: 80}}}}
                """);
        rig.applyClusterWide("""
                apiVersion: configuration.konghq.com/v1
                kind: KongClusterPlugin
                metadata: {name: %1$s, labels: {global: 'true'}, annotations: {kubernetes.io/ingress.class: kong}}
                plugin: correlation-id
                config: {header_name: X-Id}
                ---
                apiVersion: configuration.konghq.com/v1alpha1
                kind: KongVault
                metadata: {name: %1$s, annotations: {kubernetes.io/ingress.class: kong}}
                spec: {backend: env, prefix: settings-%1$s, config: {prefix: APP_}}
                """.formatted(rig.namespace));
    }

    private void start(Map<String, String> more) throws Exception {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("SLUICE_INGRESS", "on");
        variables.put("SLUICE_CLUSTER_DISCOVERY", "none");
        variables.put("SLUICE_WATCH_NAMESPACE", rig.namespace);
        variables.put("SLUICE_KUBECONFIG", rig.kubeconfig().toString());
        nodes.add(PodNode.start("127.0.0.1", PodNode.Ports.free(), rig.account(), folder, variables));
    }

    private Map<?, ?> status(String name) {
        WatchedKind kind = WatchedKinds.of(name.substring(0, name.indexOf('/'))).orElseThrow();
        ResourceDefinitionContext context = new ResourceDefinitionContext.Builder()
                .withGroup(kind.group())
                .withVersion(kind.version())
                .withKind(kind.kind())
                .withPlural(kind.plural())
                .withNamespaced(kind.namespaced())
                .build();
        var all = rig.admin.genericKubernetesResources(context);
        GenericKubernetesResource object = kind.namespaced()
                ? all.inNamespace(rig.namespace)
                        .withName(name.substring(name.indexOf('/') + 1))
                        .get()
                : all.withName(name.substring(name.indexOf('/') + 1)).get();
        return object.getAdditionalProperties().get("status") instanceof Map<?, ?> status ? status : Map.of();
    }

    private List<String> conditions(String name) {
        return programmed(status(name));
    }

    private static List<String> programmed(Map<?, ?> holder) {
        return objects(holder.get("conditions")).stream()
                .filter(one -> "Programmed".equals(one.get("type")))
                .map(one -> one.get("status") + " " + one.get("reason") + " " + one.get("message"))
                .toList();
    }

    /** Kind, name and condition of each. */
    private List<String> ancestors(String policy) {
        List<String> all = new ArrayList<>();
        for (Map<?, ?> one : objects(status("KongUpstreamPolicy/" + policy).get("ancestors"))) {
            Map<?, ?> reference = (Map<?, ?>) one.get("ancestorRef");
            all.add(reference.get("kind") + " " + reference.get("name"));
            all.addAll(programmed(one));
        }
        return all;
    }

    private List<String> addresses() {
        Map<?, ?> status = status("Ingress/shop");
        return status.get("loadBalancer") instanceof Map<?, ?> balancer
                ? objects(balancer.get("ingress")).stream()
                        .flatMap(one -> one.entrySet().stream())
                        .map(Object::toString)
                        .toList()
                : List.of();
    }

    private static List<Map<?, ?>> objects(Object list) {
        List<Map<?, ?>> objects = new ArrayList<>();
        if (list instanceof List<?> all) {
            all.forEach(one -> objects.add((Map<?, ?>) one));
        }
        return objects;
    }
}
