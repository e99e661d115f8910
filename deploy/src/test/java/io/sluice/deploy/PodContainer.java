package io.sluice.deploy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The container of a pod that an API server knows, run as a kubelet would: its variables, volumes, service account, memory and probes
 * are those that the pod's object says. The network is this machine's: what the container opens on all addresses, or on loopback, is
 * opened on the pod's.
 */
final class PodContainer implements AutoCloseable {

    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final Duration PROBE = Duration.ofSeconds(2);

    final String ip;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Container spec;
    private final Path log;
    private final Process process;

    private PodContainer(String ip, Container spec, Path log, Process process) {
        this.ip = ip;
        this.spec = spec;
        this.log = log;
        this.process = process;
    }

    /** Starts it, and says so in the pod's status. */
    static PodContainer start(TestCluster cluster, Pod pod, String ip, ContainerFolder image, Path folder)
            throws IOException {
        report(cluster, pod, ip, "False");
        Container spec = pod.getSpec().getContainers().get(0);
        Files.createDirectories(folder);
        List<ContainerFolder.Mount> mounts = new ArrayList<>();
        Path account = cluster.account(pod.getSpec().getServiceAccountName(), folder.resolve("account"));
        mounts.add(new ContainerFolder.Mount(account, ACCOUNT, true));
        for (VolumeMount mount : spec.getVolumeMounts()) {
            Volume volume = pod.getSpec().getVolumes().stream()
                    .filter(one -> one.getName().equals(mount.getName()))
                    .findFirst()
                    .orElseThrow();
            boolean elsewhere =
                    mount.getMountPath().equals("/tmp") || mount.getMountPath().equals(ACCOUNT);
            if (!elsewhere) {
                mounts.add(new ContainerFolder.Mount(
                        content(cluster, volume, folder.resolve(mount.getName())),
                        mount.getMountPath(),
                        Boolean.TRUE.equals(mount.getReadOnly())));
            }
        }
        Path log = folder.resolve("log");
        Process process = image.start(variables(cluster, pod, spec, ip), mounts, log, image.command());
        return new PodContainer(ip, spec, log, process);
    }

    private static Path content(TestCluster cluster, Volume volume, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        if (volume.getSecret() != null) {
            var secret = cluster.client
                    .secrets()
                    .inNamespace(cluster.namespace)
                    .withName(volume.getSecret().getSecretName())
                    .get();
            for (var file : secret.getData().entrySet()) {
                Files.write(folder.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
            }
        }
        return folder;
    }

    private static Map<String, String> variables(TestCluster cluster, Pod pod, Container spec, String ip) {
        Map<String, String> variables = new HashMap<>();
        spec.getEnvFrom()
                .forEach(from ->
                        variables.putAll(cluster.settings(from.getConfigMapRef().getName())));
        variables.replaceAll((name, value) ->
                name.endsWith("_LISTEN") ? value.replace("0.0.0.0", ip).replace("127.0.0.1", ip) : value);
        Map<String, String> fields = Map.of(
                "status.podIP",
                ip,
                "metadata.name",
                pod.getMetadata().getName(),
                "metadata.namespace",
                cluster.namespace);
        for (EnvVar one : spec.getEnv()) {
            variables.put(
                    one.getName(),
                    one.getValueFrom() == null
                            ? one.getValue()
                            : fields.get(one.getValueFrom().getFieldRef().getFieldPath()));
        }
        URI server = URI.create(cluster.client.getMasterUrl().toString());
        variables.put("KUBERNETES_SERVICE_HOST", server.getHost());
        variables.put("KUBERNETES_SERVICE_PORT", Integer.toString(server.getPort() < 0 ? 443 : server.getPort()));
        long memory = spec.getResources()
                .getLimits()
                .get("memory")
                .getNumericalAmount()
                .longValue();
        variables.put("JDK_JAVA_OPTIONS", "-XX:MaxRAM=" + memory);
        return variables;
    }

    private static void report(TestCluster cluster, Pod pod, String ip, String ready) {
        cluster.client
                .pods()
                .inNamespace(cluster.namespace)
                .withName(pod.getMetadata().getName())
                .editStatus(found -> found.edit()
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP(ip)
                        .withConditions()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(ready)
                        .endCondition()
                        .endStatus()
                        .build());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean hasStarted() throws InterruptedException {
        return passes(spec.getStartupProbe());
    }

    boolean isReady() throws InterruptedException {
        return passes(spec.getReadinessProbe());
    }

    boolean isLive() throws InterruptedException {
        return passes(spec.getLivenessProbe());
    }

    private boolean passes(Probe probe) throws InterruptedException {
        int port = portOf(probe.getHttpGet().getPort().getStrVal());
        return get(port, probe.getHttpGet().getPath()).startsWith("2");
    }

    /** Status and body of an answer; empty if there is none. */
    String get(int port, String path) throws InterruptedException {
        URI uri = URI.create("http://" + ip + ":" + port + path);
        try {
            var response = http.send(HttpRequest.newBuilder(uri).timeout(PROBE).build(), BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return "";
        }
    }

    int portOf(String name) {
        return spec.getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getContainerPort();
    }

    List<String> log() throws IOException {
        return Files.readAllLines(log);
    }

    void terminate() {
        process.destroy();
    }

    /** The code it ends with; fails if it takes longer than the pod may. */
    int awaitEnd(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("still runs after " + seconds + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
