package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that find each other by the pods that an API server lists. */
class KubernetesPeersIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final List<PodNode> nodes = new ArrayList<>();
    private PodNode.Ports ports;
    private PodListServer api;
    private Path account;

    @BeforeEach
    void startServer() throws Exception {
        ports = PodNode.Ports.free();
        api = new PodListServer(folder, ports.management());
        account = Files.createDirectories(folder.resolve("account"));
        Files.copy(api.certificate(), account.resolve("ca.crt"));
        Files.writeString(account.resolve("token"), api.token);
        Files.writeString(account.resolve("namespace"), "edge");
    }

    @AfterEach
    void stop() {
        nodes.forEach(PodNode::close);
        api.close();
    }

    @Test
    void threePodsAreOneClusterAndOneThatIsReplacedJoinsIt() throws Exception {
        PodNode first = start("127.0.0.1", Map.of());
        PodNode second = start("127.0.0.2", Map.of());
        PodNode third = start("127.0.0.3", Map.of());

        awaitUp(3, first, second, third);
        assertThat(api.asked)
                .allSatisfy(path -> assertThat(path)
                        .isEqualTo("/api/v1/namespaces/edge/pods?labelSelector=app.kubernetes.io/name%3Dsluice"));

        // As a Deployment does it: the new one comes before the old one goes.
        PodNode fourth = start("127.0.0.4", Map.of());
        awaitUp(4, fourth);
        api.running.remove("127.0.0.1");
        first.terminate();
        awaitUp(3, second, third, fourth);

        // As a StatefulSet does it after a failure: the same one again.
        second.kill();
        awaitUp(3, third, fourth, start("127.0.0.2", Map.of()));
    }

    @Test
    void podsOfIPv6AddressesAreOneCluster() throws Exception {
        List<String> addresses = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet6Address && !address.isLinkLocalAddress())
                .map(address -> address.getHostAddress().replaceAll("%.*", ""))
                .limit(2)
                .toList();
        assumeTrue(addresses.size() == 2, "this machine has no two IPv6 addresses");

        PodNode first = start(addresses.get(0), Map.of());
        PodNode second = start(addresses.get(1), Map.of());

        awaitUp(2, first, second);
        assertThat(first.log().lines())
                .filteredOn(line -> line.contains("WARN") || line.contains("ERROR"))
                .as("besides what is said of a busy machine")
                .allMatch(line -> line.contains("is not in a cluster yet") || line.contains("heartbeat was delayed"));
    }

    @Test
    void nodeServesWithoutTheApiAndFoundsWhenItMay() throws Exception {
        api.status = 403;
        PodNode node = start(
                "127.0.0.1",
                Map.of("KONG_DECLARATIVE_CONFIG_STRING", "{_format_version: '3.0', services: [{name: s, host: u}]}"));

        await().atMost(LONG).until(() -> PodNode.status(node.proxy() + "/nothing") == 404);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(node.log().lines())
                        .anySatisfy(line -> assertThat(line)
                                .contains("the Kubernetes API does not say which nodes there are")
                                .contains("verb=list", "resource=pods", "the service account may not list pods")));
        assertThat(node.membersUp()).isZero();

        api.status = 200;

        awaitUp(1, node);
        await().atMost(LONG).until(node::isReady);
        assertThat(node.log()).contains("the pods can be listed again");
    }

    @Test
    void tokenThatWasReplacedIsUsed() throws Exception {
        api.token = "second";
        PodNode node = start("127.0.0.1", Map.of());
        await().atMost(LONG).until(() -> !api.asked.isEmpty() && node.log().contains("401"));

        Files.writeString(account.resolve("token"), "second");

        awaitUp(1, node);
    }

    @Test
    void guardedNodeWaitsForAClusterToJoin() throws Exception {
        PodNode guarded = start("127.0.0.1", Map.of("SLUICE_CLUSTER_NEW", "off"));
        await().atMost(LONG).until(() -> guarded.log().contains("this node may not found one: cluster_new is off"));
        assertThat(guarded.membersUp()).isZero();

        // The lowest address founds, and that is not this one: it must not see the other one yet.
        api.running.remove("127.0.0.1");
        PodNode founder = start("127.0.0.2", Map.of());
        awaitUp(1, founder);
        api.running.add("127.0.0.1");

        awaitUp(2, guarded, founder);
    }

    private PodNode start(String ip, Map<String, String> more) throws Exception {
        PodNode node = PodNode.start(ip, ports, new PodNode.Account("127.0.0.1", api.port(), account), folder, more);
        nodes.add(node);
        api.running.add(ip);
        return node;
    }

    private static void awaitUp(int count, PodNode... members) {
        for (PodNode member : members) {
            await().atMost(LONG).pollInterval(Duration.ofMillis(200)).until(() -> member.membersUp() == count);
        }
    }
}
