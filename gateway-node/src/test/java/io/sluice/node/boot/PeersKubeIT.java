package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that find each other through a real API server, as the account that our manifests make. */
class PeersKubeIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private final List<PodNode> nodes = new ArrayList<>();
    private KubeRig rig;
    private PodNode.Ports ports;

    @BeforeEach
    void openRig() throws IOException {
        rig = KubeRig.open(folder);
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
    void threePodsAreOneClusterThroughARollingUpdate() throws Exception {
        PodNode.Account account = rig.account();
        for (int k = 1; k <= 3; k++) {
            start("127.0.0." + k, account);
        }
        awaitUp(3, nodes);

        PodNode added = start("127.0.0.4", account);
        awaitUp(4, List.of(added));
        rig.deletePod("127.0.0.1");
        nodes.get(0).terminate();

        awaitUp(3, nodes.subList(1, 4));
    }

    @Test
    void accountWithoutItsRoleIsToldVerbAndResource() throws Exception {
        rig.admin
                .rbac()
                .roleBindings()
                .inNamespace(rig.namespace)
                .withName("sluice-peers")
                .delete();

        PodNode node = start("127.0.0.1", rig.account());

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(node.log().lines())
                        .anySatisfy(
                                line -> assertThat(line).contains("verb=list", "resource=pods", "may not list pods")));
    }

    private PodNode start(String ip, PodNode.Account account) throws IOException {
        rig.pod(ip, ports.management());
        PodNode node = PodNode.start(ip, ports, account, folder, Map.of());
        nodes.add(node);
        return node;
    }

    private static void awaitUp(int count, List<PodNode> members) {
        for (PodNode member : members) {
            await().atMost(LONG).pollInterval(Duration.ofMillis(200)).until(() -> member.membersUp() == count);
        }
    }
}
