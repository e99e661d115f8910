package io.sluice.deploy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.sluice.k8s.access.AccessSettings;
import io.sluice.k8s.access.ClusterAccess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is shipped, installed in a namespace of its own of the cluster that {@code KUBECONFIG} names; taken away when closed. */
final class TestCluster implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(60);

    final KubernetesClient client = ClusterAccess.open(AccessSettings.AUTOMATIC);
    final String namespace = "sluice-it-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<HasMetadata> clusterWide = new ArrayList<>();

    private TestCluster() {}

    /** Skips the test unless the profile asks for it and a cluster is given. */
    static TestCluster open() {
        assumeTrue(Boolean.getBoolean("kube.tests"), "needs a cluster to change: run with -Pkube and KUBECONFIG");
        assumeTrue(System.getenv("KUBECONFIG") != null, "-Pkube without KUBECONFIG: no cluster to run against");
        TestCluster cluster = new TestCluster();
        cluster.client
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(cluster.namespace)
                        .endMetadata()
                        .build())
                .create();
        return cluster;
    }

    /** Kong's kinds; they stay, for others may use them. */
    void define() {
        Manifests.under(Manifests.CRDS)
                .filter(file -> !Manifests.isKustomization(file))
                .flatMap(file -> load(text(file)).stream())
                .forEach(object -> client.resource(object).createOr(NonDeletingOperation::update));
        await().atMost(LONG)
                .until(() -> client.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                        .filter(one -> one.getSpec().getGroup().equals("configuration.konghq.com"))
                        .allMatch(one -> one.getStatus().getConditions().stream()
                                .anyMatch(condition -> condition.getType().equals("Established")
                                        && condition.getStatus().equals("True"))));
    }

    /** A file of ours, with this namespace for {@code sluice}. */
    void install(String file) {
        apply(text(Manifests.MANIFESTS.resolve(file))
                .replace("namespace: sluice\n", "namespace: " + namespace + "\n")
                .replace("name: sluice-ingress\n", "name: sluice-ingress-" + namespace + "\n")
                .replace("sluice/sluice-proxy", namespace + "/sluice-proxy"));
    }

    void apply(String yaml) {
        for (HasMetadata object : load(yaml)) {
            if (object.getKind().startsWith("Cluster")) {
                clusterWide.add(object);
            } else {
                object.getMetadata().setNamespace(namespace);
            }
            client.resource(object).createOr(NonDeletingOperation::update);
        }
    }

    private List<HasMetadata> load(String yaml) {
        return client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Pod> pods() {
        return client.pods().inNamespace(namespace).list().getItems();
    }

    /** The folder that a kubelet mounts for an account: token, authority, namespace. */
    Path account(String name, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("token"),
                client.serviceAccounts()
                        .inNamespace(namespace)
                        .withName(name)
                        .tokenRequest(new TokenRequestBuilder()
                                .withNewSpec()
                                .withExpirationSeconds(3600L)
                                .endSpec()
                                .build())
                        .getStatus()
                        .getToken());
        var config = client.getConfiguration();
        Files.write(
                folder.resolve("ca.crt"),
                config.getCaCertData() == null
                        ? Files.readAllBytes(Path.of(config.getCaCertFile()))
                        : Base64.getDecoder().decode(config.getCaCertData()));
        Files.writeString(folder.resolve("namespace"), namespace);
        return folder;
    }

    /** Reason and message of the condition Programmed; empty if there is none. */
    String programmed(String kind, String name) {
        GenericKubernetesResource object = client.genericKubernetesResources("configuration.konghq.com/v1", kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
        return Manifests.list(object.getAdditionalProperties(), "status", "conditions").stream()
                .filter(one -> "Programmed".equals(Manifests.at(one, "type")))
                .map(one -> Manifests.at(one, "reason") + " " + Manifests.at(one, "message"))
                .findFirst()
                .orElse("");
    }

    /** What an Ingress says of its address; empty if it says none. */
    Optional<String> address(String ingress) {
        return client
                .network()
                .v1()
                .ingresses()
                .inNamespace(namespace)
                .withName(ingress)
                .get()
                .getStatus()
                .getLoadBalancer()
                .getIngress()
                .stream()
                .map(one -> one.getIp())
                .findFirst();
    }

    Map<String, String> settings(String configMap) {
        return client.configMaps()
                .inNamespace(namespace)
                .withName(configMap)
                .get()
                .getData();
    }

    @Override
    public void close() {
        clusterWide.forEach(object -> client.resource(object).delete());
        client.namespaces().withName(namespace).delete();
        client.close();
    }
}
