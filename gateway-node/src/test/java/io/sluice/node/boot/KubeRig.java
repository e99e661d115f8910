package io.sluice.node.boot;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.sluice.k8s.access.AccessSettings;
import io.sluice.k8s.access.ClusterAccess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A namespace of its own in a real cluster, the one that {@code KUBECONFIG} names, with our definitions and the access that our
 * manifests give. No pod needs to run: nodes are processes here, and their pods objects that say so. Takes away what it made.
 */
final class KubeRig implements AutoCloseable {

    private static final Path DEPLOY = Path.of("../deploy");
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Whoever may do everything. */
    final KubernetesClient admin;

    final String namespace = "sluice-it-" + UUID.randomUUID().toString().substring(0, 8);
    private final Path folder;
    private final ScheduledExecutorService heartbeat = Executors.newSingleThreadScheduledExecutor();
    private final List<HasMetadata> clusterWide = new ArrayList<>();

    private KubeRig(Path folder) {
        this.folder = folder;
        this.admin = ClusterAccess.open(AccessSettings.AUTOMATIC);
    }

    /** Skips the test unless asked for by the profile, and given a cluster. */
    static KubeRig open(Path folder) throws IOException {
        assumeTrue(Boolean.getBoolean("kube.tests"), "needs a cluster to change: run with -Pkube and KUBECONFIG");
        assumeTrue(System.getenv("KUBECONFIG") != null, "-Pkube without KUBECONFIG: no cluster to run against");
        KubeRig rig = new KubeRig(folder);
        rig.admin
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(rig.namespace)
                        .endMetadata()
                        .build())
                .create();
        rig.grant();
        return rig;
    }

    /** As deploy/manifests does, for the account of this namespace. */
    private void grant() throws IOException {
        String access = Files.readString(DEPLOY.resolve("manifests/base/access.yaml"))
                .replace("namespace: sluice", "namespace: " + namespace)
                .replace("name: sluice-ingress", "name: sluice-ingress-" + namespace);
        apply(access);
    }

    /** Kong's kinds; stay when it is closed, for others may use them. */
    void define() throws IOException {
        try (var files = Files.list(DEPLOY.resolve("crds"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("s.yaml")).toList()) {
                load(Files.readString(file))
                        .forEach(object -> admin.resource(object).createOr(NonDeletingOperation::update));
            }
        }
        await().atMost(LONG)
                .until(() -> admin.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                        .filter(one -> one.getSpec().getGroup().equals("configuration.konghq.com"))
                        .allMatch(one -> one.getStatus() != null
                                && one.getStatus().getConditions() != null
                                && one.getStatus().getConditions().stream()
                                        .anyMatch(
                                                condition -> condition.getType().equals("Established")
                                                        && condition.getStatus().equals("True"))));
    }

    /** Creates or replaces what a file says, in this namespace if it says none; as the server knows it. */
    List<HasMetadata> apply(String yaml) {
        List<HasMetadata> made = new ArrayList<>();
        for (HasMetadata object : load(yaml)) {
            boolean namespaced = !object.getKind().startsWith("Cluster");
            if (namespaced && object.getMetadata().getNamespace() == null) {
                object.getMetadata().setNamespace(namespace);
            }
            made.add(admin.resource(object).createOr(NonDeletingOperation::update));
            if (!namespaced) {
                clusterWide.add(object);
            }
        }
        return made;
    }

    /** For kinds that belong to no namespace, whatever their names; taken away when it is closed. */
    void applyClusterWide(String yaml) {
        for (HasMetadata object : load(yaml)) {
            admin.resource(object).createOr(NonDeletingOperation::update);
            clusterWide.add(object);
        }
    }

    private List<HasMetadata> load(String yaml) {
        return admin.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items();
    }

    /** The account as its pods have it, with a token of the server. */
    PodNode.Account account() throws IOException {
        URI server = URI.create(admin.getMasterUrl().toString());
        Path account = Files.createDirectories(folder.resolve("account"));
        Files.write(account.resolve("ca.crt"), authority());
        Files.writeString(account.resolve("token"), token("sluice"));
        Files.writeString(account.resolve("namespace"), namespace);
        return new PodNode.Account(server.getHost(), server.getPort() < 0 ? 443 : server.getPort(), account);
    }

    /** A file by which a node is that account; it does not have our rights by mistake. */
    Path kubeconfig() throws IOException {
        return kubeconfig("sluice");
    }

    /** The same for any account of this namespace. */
    Path kubeconfig(String account) throws IOException {
        return Files.writeString(folder.resolve("kubeconfig-" + account), """
                apiVersion: v1
                kind: Config
                clusters:
                - name: c
                  cluster: {server: '%s', certificate-authority-data: %s}
                users: [{name: u, user: {token: %s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(
                        admin.getMasterUrl(), Base64.getEncoder().encodeToString(authority()), token(account)));
    }

    private byte[] authority() throws IOException {
        var config = admin.getConfiguration();
        return config.getCaCertData() == null
                ? Files.readAllBytes(Path.of(config.getCaCertFile()))
                : Base64.getDecoder().decode(config.getCaCertData());
    }

    private String token(String account) {
        return admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    /** A pod that runs as far as its object says. */
    void pod(String ip, int managementPort) {
        String name = "sluice-" + ip.replace('.', '-');
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, labels: {app.kubernetes.io/name: sluice}}
                spec:
                  serviceAccountName: sluice
                  automountServiceAccountToken: false
                  # Nobody runs it.
                  schedulerName: none
                  containers:
                  - {name: sluice, image: sluice, ports: [{name: management, containerPort: %d}]}
                """.formatted(name, managementPort));
        admin.pods()
                .inNamespace(namespace)
                .withName(name)
                .editStatus(pod -> pod.edit()
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP(ip)
                        .endStatus()
                        .build());
    }

    /**
     * Pods that a controller has made, as a scheduler and a kubelet report them once they run; waits until there are so many. The machine
     * they are said to be on reports itself until this is closed: else its pods would count as lost.
     */
    void runPods(String app, int count, String ip) {
        await().atMost(LONG).until(() -> podsOf(app).size() == count);
        admin.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withUnschedulable(true)
                        .endSpec()
                        .build())
                .create();
        ScheduledFuture<?> unused = heartbeat.scheduleAtFixedRate(this::beat, 0, 5, TimeUnit.SECONDS);
        for (Pod pod : podsOf(app)) {
            admin.bindings()
                    .inNamespace(namespace)
                    .resource(new BindingBuilder()
                            .withNewMetadata()
                            .withName(pod.getMetadata().getName())
                            .endMetadata()
                            .withNewTarget()
                            .withKind("Node")
                            .withName(namespace)
                            .endTarget()
                            .build())
                    .create();
            admin.pods()
                    .inNamespace(namespace)
                    .withName(pod.getMetadata().getName())
                    .editStatus(found -> found.edit()
                            .editOrNewStatus()
                            .withPhase("Running")
                            .withPodIP(ip)
                            .addNewCondition()
                            .withType("Ready")
                            .withStatus("True")
                            .endCondition()
                            .endStatus()
                            .build());
        }
    }

    private void beat() {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        admin.nodes()
                .withName(namespace)
                .editStatus(node -> node.edit()
                        .editOrNewStatus()
                        .withConditions()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .withLastHeartbeatTime(now)
                        .endCondition()
                        .endStatus()
                        .build());
    }

    private List<Pod> podsOf(String app) {
        return admin.pods().inNamespace(namespace).withLabel("app", app).list().getItems();
    }

    void deletePod(String ip) {
        admin.pods()
                .inNamespace(namespace)
                .withName("sluice-" + ip.replace('.', '-'))
                .withGracePeriod(0)
                .delete();
    }

    /** A service whose endpoints are these ports of this machine. */
    void service(String name, int port, Integer... targets) {
        apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s}
                spec: {ports: [{name: http, port: %d}]}
                """.formatted(name, port));
        endpoints(name, List.of(targets));
    }

    void endpoints(String name, List<Integer> targets) {
        String subsets = targets.stream()
                .map(target -> String.format(
                        Locale.ROOT, "{addresses: [{ip: %s}], ports: [{name: http, port: %d}]}", ownAddress(), target))
                .collect(Collectors.joining(", "));
        apply("""
                apiVersion: v1
                kind: Endpoints
                metadata: {name: %s}
                subsets: [%s]
                """.formatted(name, subsets));
    }

    /** One that is not loopback: endpoints may not be. */
    static String ownAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .findFirst()
                    .orElseThrow()
                    .getHostAddress();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        heartbeat.shutdownNow();
        admin.nodes().withName(namespace).delete();
        clusterWide.forEach(object -> admin.resource(object).delete());
        admin.namespaces().withName(namespace).delete();
        admin.close();
    }
}
