package io.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.peers.PodDiscovery;
import io.sluice.node.settings.ClusterSettings;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the pods fit the node, and what is around the pods fits them. */
class WorkloadTest {

    /** What leaving the cluster may take after the drain: sluice.cluster.handover-time and leave-time, and a cut-off second. */
    private static final Duration LEAVING = Duration.ofSeconds(23);

    private static final Path BASE = Manifests.MANIFESTS.resolve("base");

    @TempDir
    private static Path certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        TestCertificate.write(certificates);
    }

    static List<Map<String, Object>> workloads() {
        return List.of(
                Manifests.one(Manifests.MANIFESTS.resolve("statefulset/statefulset.yaml"), "StatefulSet", "sluice"),
                Manifests.one(Manifests.MANIFESTS.resolve("deployment/deployment.yaml"), "Deployment", "sluice"));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void theNodeKnowsEverySettingAndTakesIt(Map<String, Object> workload) {
        ReadSettings read = SettingsReader.read(variables(workload), Map.of(), Optional.empty());

        assertThat(read).isInstanceOf(ReadSettings.Accepted.class);
        assertThat(((ReadSettings.Accepted) read).notices())
                .filteredOn(notice -> notice.unknown())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everyAddressOfTheNodeIsAPortOfTheContainer(Map<String, Object> workload) {
        NodeSettings settings = settings(workload);
        Set<Integer> listened = Stream.of(settings.proxyListen(), settings.adminListen(), settings.statusListen())
                .flatMap(List::stream)
                .map(address -> address.port())
                .collect(Collectors.toCollection(HashSet::new));
        listened.add(settings.cluster().port());
        listened.add(settings.cluster().managementPort());

        assertThat(ports(workload).values()).containsExactlyInAnyOrderElementsOf(listened);
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void whoeverNamesAPortNamesOneOfTheContainer(Map<String, Object> workload) {
        var container = container(workload);
        Stream<Object> probed = Stream.of("startupProbe", "readinessProbe", "livenessProbe")
                .map(probe -> Manifests.at(container, probe, "httpGet", "port"));
        Stream<Object> served = Manifests.shipped("Service")
                .flatMap(service -> Manifests.list(service, "spec", "ports").stream())
                .map(port -> Manifests.at(port, "targetPort"));
        Stream<Object> allowed = Manifests.shipped("NetworkPolicy")
                .flatMap(policy -> Manifests.list(policy, "spec", "ingress").stream())
                .flatMap(rule -> Manifests.list(rule, "ports").stream())
                .map(port -> Manifests.at(port, "port"));

        assertThat(Stream.of(probed, served, allowed).flatMap(all -> all))
                .isNotEmpty()
                .allSatisfy(port -> assertThat(ports(workload)).containsKey(port));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void whoeverSelectsPodsSelectsThese(Map<String, Object> workload) {
        var labels = Manifests.at(workload, "spec", "template", "metadata", "labels");
        Stream<Object> services =
                Manifests.shipped("Service").map(service -> Manifests.at(service, "spec", "selector"));
        Stream<Object> policies = Manifests.shipped("NetworkPolicy")
                .map(policy -> Manifests.at(policy, "spec", "podSelector", "matchLabels"));
        Stream<Object> budgets = Manifests.shipped("PodDisruptionBudget")
                .map(budget -> Manifests.at(budget, "spec", "selector", "matchLabels"));

        assertThat(Stream.of(services, policies, budgets).flatMap(all -> all))
                .hasSize(7)
                .allSatisfy(selector -> assertThat(selector).isEqualTo(labels));
        assertThat(Manifests.at(workload, "spec", "selector", "matchLabels")).isEqualTo(labels);
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void nodesFindEachOtherByTheseLabelsAndThisPort(Map<String, Object> workload) {
        ClusterSettings cluster = settings(workload).cluster();
        var labels = Manifests.map(Manifests.at(workload, "spec", "template", "metadata", "labels"));
        var host = Manifests.list(container(workload), "env").stream()
                .filter(one -> "SLUICE_CLUSTER_HOST".equals(Manifests.at(one, "name")))
                .map(one -> Manifests.at(one, "valueFrom", "fieldRef", "fieldPath"));

        assertThat(cluster.discovery()).isEqualTo(ClusterSettings.Discovery.KUBERNETES);
        assertThat(labels.entrySet())
                .extracting(Object::toString)
                .contains(cluster.pods().selector());
        assertThat(ports(workload)).containsEntry(PodDiscovery.PORT, cluster.managementPort());
        assertThat(host).containsExactly("status.podIP");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void thePodHasTimeToDrainAndToLeave(Map<String, Object> workload) {
        NodeSettings settings = settings(workload);
        var needed = settings.stop().delay().plus(settings.stop().timeout()).plus(LEAVING);

        assertThat(settings.stop().delay()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
        assertThat((Integer) Manifests.at(pod(workload), "terminationGracePeriodSeconds"))
                .isGreaterThan((int) needed.toSeconds());
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void thePodIsAllowedNothing(Map<String, Object> workload) {
        var pod = Manifests.at(pod(workload), "securityContext");
        var container = Manifests.at(container(workload), "securityContext");

        assertThat(Manifests.at(pod, "runAsNonRoot")).isEqualTo(true);
        assertThat(Manifests.at(pod, "seccompProfile", "type")).isEqualTo("RuntimeDefault");
        assertThat(Manifests.at(container, "allowPrivilegeEscalation")).isEqualTo(false);
        assertThat(Manifests.at(container, "readOnlyRootFilesystem")).isEqualTo(true);
        assertThat(Manifests.list(container, "capabilities", "drop")).containsExactly("ALL");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everyMountHasItsVolume(Map<String, Object> workload) {
        Stream<Object> volumes = Stream.concat(
                Manifests.list(pod(workload), "volumes").stream().map(volume -> Manifests.at(volume, "name")),
                Manifests.list(workload, "spec", "volumeClaimTemplates").stream()
                        .map(claim -> Manifests.at(claim, "metadata", "name")));
        Stream<Object> mounts =
                Manifests.list(container(workload), "volumeMounts").stream().map(mount -> Manifests.at(mount, "name"));

        assertThat(mounts).containsExactlyInAnyOrderElementsOf(volumes.toList());
    }

    @Test
    void bothVariantsAreTheSamePodButForTheDurableState() {
        var durable = container(workloads().get(0));
        var plain = container(workloads().get(1));
        List<Object> variables = Manifests.list(durable, "env").stream()
                .filter(one -> !"SLUICE_DATA_DIR".equals(Manifests.at(one, "name")))
                .toList();
        List<Object> mounts = Manifests.list(durable, "volumeMounts").stream()
                .filter(one -> !"data".equals(Manifests.at(one, "name")))
                .toList();
        durable.put("env", variables);
        durable.put("volumeMounts", mounts);

        assertThat(durable).isEqualTo(plain);
    }

    @Test
    void theHeadlessServiceNamesNodesBeforeTheyAreReady() {
        var service = Manifests.one(BASE.resolve("services.yaml"), "Service", "sluice-cluster");

        assertThat(Manifests.at(service, "spec", "clusterIP")).isEqualTo("None");
        assertThat(Manifests.at(service, "spec", "publishNotReadyAddresses")).isEqualTo(true);
        assertThat(Manifests.at(workloads().get(0), "spec", "serviceName")).isEqualTo("sluice-cluster");
    }

    @Test
    void theAdminApiIsClosedToTheClusterUnlessAsked() {
        assertThat(settings(workloads().get(0)).adminListen())
                .allSatisfy(address -> assertThat(address.host()).isEqualTo("127.0.0.1"));
        assertThat(Manifests.objects(BASE.resolve("services.yaml")))
                .flatExtracting(service -> Manifests.list(service, "spec", "ports"))
                .extracting(port -> Manifests.at(port, "targetPort"))
                .doesNotContain("admin");
    }

    @Test
    void theJobAndCertManagerMakeTheSecretThatPodsMount() {
        var mounted = Manifests.list(pod(workloads().get(0)), "volumes").stream()
                .map(volume -> Manifests.at(volume, "secret", "secretName"))
                .filter(String.class::isInstance)
                .toList();
        var job = Manifests.one(
                Manifests.MANIFESTS.resolve("cluster-certificate/job.yaml"), "Job", "sluice-cluster-certificate");
        var command = Manifests.list(Manifests.list(pod(job), "containers").get(0), "command");
        var issued = Manifests.one(
                Manifests.MANIFESTS.resolve("cert-manager/certificate.yaml"), "Certificate", "sluice-cluster");

        assertThat(mounted).containsExactly("sluice-cluster-tls");
        assertThat(command).contains(mounted.get(0));
        assertThat(Manifests.at(issued, "spec", "secretName")).isEqualTo(mounted.get(0));
        assertThat(Manifests.at(issued, "spec", "privateKey", "algorithm")).isEqualTo("RSA");
    }

    private static NodeSettings settings(Map<String, Object> workload) {
        return ((ReadSettings.Accepted) SettingsReader.read(variables(workload), Map.of(), Optional.empty()))
                .settings();
    }

    /** As the pod has them; files of the cluster's certificate are others here. */
    private static Map<String, String> variables(Map<String, Object> workload) {
        var shared = Manifests.one(BASE.resolve("settings.yaml"), "ConfigMap", "sluice-settings");
        Map<String, String> variables = new HashMap<>();
        Manifests.map(Manifests.at(shared, "data"))
                .forEach((name, value) -> variables.put(
                        name, value.toString().replace("/var/run/sluice/cluster", certificates.toString())));
        Manifests.list(container(workload), "env")
                .forEach(one -> variables.put(
                        Manifests.at(one, "name").toString(),
                        Optional.ofNullable(Manifests.at(one, "value"))
                                .map(Object::toString)
                                .orElse("10.1.2.3")));
        return variables;
    }

    private static Object pod(Map<String, Object> workload) {
        return Manifests.at(workload, "spec", "template", "spec");
    }

    private static Map<String, Object> container(Map<String, Object> workload) {
        return Manifests.map(Manifests.list(pod(workload), "containers").get(0));
    }

    private static Map<Object, Integer> ports(Map<String, Object> workload) {
        return Manifests.list(container(workload), "ports").stream()
                .collect(Collectors.toMap(
                        port -> Manifests.at(port, "name"), port -> (Integer) Manifests.at(port, "containerPort")));
    }
}
