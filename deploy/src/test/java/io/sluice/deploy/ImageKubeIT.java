package io.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our StatefulSet and image before a real API server. Its controller makes the pods; each pod's container is a process whose root is
 * the image, read-only, as the image's user.
 */
class ImageKubeIT {

    private static final Path IMAGE = Manifests.MODULE.resolve("target/image.tar");
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private final List<PodContainer> containers = new ArrayList<>();
    private final Random random = new Random();
    private TestCluster cluster;
    private HttpServer server;

    @BeforeEach
    void install() throws Exception {
        cluster = TestCluster.open();
        assumeTrue(Files.exists(IMAGE), "no target/image.tar (expected: after -Pimage)");
        assumeTrue(ContainerFolder.canRun(), "no mounts and no chroot for this user");
        cluster.define();
        for (String file : List.of("base/access.yaml", "base/settings.yaml", "base/services.yaml")) {
            cluster.install(file);
        }
        addCertificate();
        cluster.install("statefulset/statefulset.yaml");
    }

    private void addCertificate() throws Exception {
        Path files = Files.createDirectories(folder.resolve("certificate"));
        TestCertificate.write(files);
        SecretBuilder secret = new SecretBuilder()
                .withNewMetadata()
                .withName("sluice-cluster-tls")
                .endMetadata();
        for (String file : List.of("tls.crt", "tls.key", "ca.crt")) {
            secret.addToStringData(file, Files.readString(files.resolve(file)));
        }
        cluster.client
                .secrets()
                .inNamespace(cluster.namespace)
                .resource(secret.build())
                .create();
    }

    @AfterEach
    void stop() {
        containers.forEach(PodContainer::close);
        if (server != null) {
            server.stop(0);
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void podsBecomeOneClusterThatServesIngressesAndDrainsWhenStopped() throws Exception {
        startPods();
        addIngress();

        for (PodContainer one : containers) {
            await().atMost(LONG)
                    .until(() -> one.get(one.portOf("proxy"), path()).equals("200 hello"));
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(one.get(one.portOf("admin"), "/cluster")).contains("\"in_contact\":true"));
            assertThat(one.isLive()).isTrue();
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(cluster.programmed("KongPlugin", "limit"))
                        .isEqualTo("Programmed live on 3 of 3 nodes"));
        balance("203.0.113.7");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(cluster.address("shop")).contains("203.0.113.7"));

        PodContainer leaving = containers.get(1);
        leaving.terminate();
        await().atMost(Duration.ofSeconds(4)).until(() -> !leaving.isReady());
        // Others have not noticed yet: it still serves.
        assertThat(leaving.get(leaving.portOf("proxy"), path())).isEqualTo("200 hello");
        assertThat(leaving.awaitEnd(65)).isZero();
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(cluster.programmed("KongPlugin", "limit")).contains("live on "));
        for (PodContainer one : containers) {
            // The first is the JVM's own, about the memory that a pod has.
            assertThat(one.log().subList(1, one.log().size()))
                    .filteredOn(line -> !line.contains(" HTTP/1.1\" ")) // the access log has a form of its own
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"))
                    .noneSatisfy(
                            line -> assertThat(line).containsAnyOf("forbids", "no effect", "\"ERROR\"", "Exception"));
        }
    }

    private void startPods() throws Exception {
        await().atMost(LONG).until(() -> cluster.pods().size() == 3);
        ContainerFolder image = ContainerFolder.unpack(IMAGE, folder);
        String subnet = "127." + random.nextInt(10, 250) + "." + random.nextInt(1, 250) + ".";
        for (Pod pod : cluster.pods()) {
            String ip = subnet + (containers.size() + 1);
            containers.add(PodContainer.start(
                    cluster, pod, ip, image, folder.resolve(pod.getMetadata().getName())));
        }
        for (PodContainer one : containers) {
            await().atMost(LONG).until(() -> !one.isAlive() || one.hasStarted() && one.isReady());
            assertThat(one.isAlive()).as(String.join("\n", one.log())).isTrue();
        }
    }

    private void addIngress() throws IOException {
        String own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseThrow()
                .getHostAddress();
        server = HttpServer.create(new InetSocketAddress(own, 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        cluster.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec: {ports: [{name: http, port: 80}]}
                ---
                apiVersion: v1
                kind: Endpoints
                metadata: {name: web}
                subsets: [{addresses: [{ip: %s}], ports: [{name: http, port: %d}]}]
                ---
                apiVersion: configuration.konghq.com/v1
                kind: KongPlugin
                metadata: {name: limit}
                plugin: rate-limiting
                config: {minute: 1000}
                ---
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: shop, annotations: {kubernetes.io/ingress.class: kong, konghq.com/plugins: limit}}
                spec:
                  rules:
                  - http: {paths: [{path: %s, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
                """.formatted(own, server.getAddress().getPort(), path()));
    }

    /** One that no other test has. */
    private String path() {
        return "/" + cluster.namespace;
    }

    /** As a cloud provider does it. */
    private void balance(String ip) {
        cluster.client
                .services()
                .inNamespace(cluster.namespace)
                .withName("sluice-proxy")
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
}
