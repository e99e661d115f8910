package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.sluice.state.membership.Member.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several nodes over real Artery on loopback that find each other by a list of who runs. */
class DiscoveryClusterIT {

    private static final String ONE = "127.0.0.1";
    private static final String TWO = "127.0.0.2";
    private static final String THREE = "127.0.0.3";

    private final int management = ClusterFixture.freePort();

    @Test
    void threeNodesThatStartTogetherFormOneClusterWithinFiveSeconds() throws Exception {
        ListedPeers.list(management, ONE, TWO, THREE);
        try (ClusterFixture cluster = new ClusterFixture()) {
            long begun = System.nanoTime();

            start(cluster, 1);
            start(cluster, 2);
            start(cluster, 3);

            cluster.nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void oneNodeIsAClusterAndLaterOnesJoinIt() throws Exception {
        ListedPeers.list(management, THREE);
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode founder = start(cluster, 3);
            ClusterFixture.awaitUp(founder, 1);

            ListedPeers.list(management, ONE, TWO, THREE);
            start(cluster, 1);
            start(cluster, 2);

            cluster.nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
        }
    }

    @Test
    void aListThatCannotBeHadIsAskedForUntilItCan() throws Exception {
        ListedPeers.list(management, ONE, TWO);
        ListedPeers.fail();
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode first = start(cluster, 1);
            ClusterNode second = start(cluster, 2);
            await().during(Duration.ofSeconds(4))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> isOut(first) && isOut(second));

            ListedPeers.list(management, ONE, TWO);

            cluster.nodes.forEach(node -> ClusterFixture.awaitUp(node, 2));
        }
    }

    @Test
    void noneFoundsWhereANewClusterIsForbiddenButItJoinsOneThatIsThere() throws Exception {
        ListedPeers.list(management, ONE, TWO);
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode guarded = cluster.start(1, Optional.of(management), ListedPeers.peers(), false);
            ClusterNode other = cluster.start(2, Optional.of(management), ListedPeers.peers(), false);
            await().during(Duration.ofSeconds(4))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> isOut(guarded) && isOut(other));
            other.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);

            // Not the lowest address, so it is one that waits for it: only its own list makes it found.
            ListedPeers.list(management, TWO);
            ClusterNode founder = start(cluster, 2);
            ClusterFixture.awaitUp(founder, 1);
            ListedPeers.list(management, ONE, TWO);

            ClusterFixture.awaitUp(guarded, 2);
        }
    }

    @Test
    void seedsThatMayNotFoundDoNot() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            cluster.more = ConfigFactory.parseString("found-after = 500ms");
            ClusterNode seed = cluster.start(
                    1, Optional.empty(), new Peers.Seeds(List.of(cluster.address(1), cluster.address(2))), false);

            await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(6)).until(() -> isOut(seed));
        }
    }

    @Test
    void silentOneOnTheListDelaysFoundingButDoesNotPreventIt() throws Exception {
        ListedPeers.list(management, ONE, TWO, THREE);
        try (ClusterFixture cluster = new ClusterFixture()) {
            cluster.more = ConfigFactory.parseString("found-without-after = 5s");
            long begun = System.nanoTime();
            start(cluster, 1);
            start(cluster, 2);

            cluster.nodes.forEach(node -> ClusterFixture.awaitUp(node, 2));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void halfOfTheListNeverFounds() throws Exception {
        ListedPeers.list(management, ONE, TWO);
        try (ClusterFixture cluster = new ClusterFixture()) {
            cluster.more = ConfigFactory.parseString("found-without-after = 1s");
            ClusterNode node = start(cluster, 1);

            await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(9)).until(() -> isOut(node));
        }
    }

    @Test
    void restartedNodeJoinsAgain() throws Exception {
        ListedPeers.list(management, ONE, TWO);
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode leaver = start(cluster, 1);
            ClusterNode stays = start(cluster, 2);
            ClusterFixture.awaitUp(stays, 2);

            leaver.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
            ClusterFixture.awaitUp(stays, 1);
            ClusterNode again = start(cluster, 1);

            ClusterFixture.awaitUp(again, 2);
            ClusterFixture.awaitUp(stays, 2);
        }
    }

    @Test
    void nodeThatWasRemovedJoinsAgainEvenIfNobodyCanSayWhoRuns() throws Exception {
        ListedPeers.list(management, ONE, TWO, THREE);
        try (ClusterFixture cluster = new ClusterFixture()) {
            List<ClusterNode> nodes = List.of(start(cluster, 1), start(cluster, 2), start(cluster, 3));
            nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
            ListedPeers.fail();

            cluster.cut(1, 2, 3);
            ClusterFixture.awaitUp(nodes.get(1), 2);
            await().atMost(Duration.ofSeconds(40)).until(() -> isOut(nodes.get(0)));
            cluster.heal(1);

            nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
        }
    }

    @Test
    void nodesOfTwoClustersSaySo() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture();
                CapturedLog captured = new CapturedLog(MembersKeeper.class)) {
            ListedPeers.list(management, ONE);
            ClusterFixture.awaitUp(start(cluster, 1), 1);
            ListedPeers.list(management, TWO);
            ClusterFixture.awaitUp(start(cluster, 2), 1);

            ListedPeers.list(management, ONE, TWO);
            start(cluster, 3);

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> captured.lines.stream()
                            .anyMatch(line ->
                                    line.startsWith("a node that should be in this cluster is in another one")));
        }
    }

    @Test
    void aNodeWithAnAddressOfVersionSixFoundsACluster() throws Exception {
        ListedPeers.list(management, "::1");
        try (ClusterFixture cluster = new ClusterFixture();
                CapturedLog captured = new CapturedLog(MembersKeeper.class)) {
            ClusterNodeSettings settings = new ClusterNodeSettings(
                    "::1",
                    cluster.port,
                    Optional.of(management),
                    ListedPeers.peers(),
                    true,
                    Optional.empty(),
                    ConfigFactory.empty());
            ClusterNode node = ClusterNode.start(settings, List.of(), List.of());
            cluster.nodes.add(node);

            ClusterFixture.awaitUp(node, 1);
            assertThat(node.members().self().address()).isEqualTo("[::1]:" + cluster.port);
            assertThat(captured.lines).noneMatch(line -> line.contains("another one"));
        }
    }

    @Test
    void onlyDiscoveredNodesTellWhomTheyKnow() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            cluster.start(1, Optional.of(management), cluster.address(1));
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + management + "/bootstrap/seed-nodes"))
                    .build();

            int code = HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .statusCode();

            assertThat(code).isEqualTo(404);
        }
    }

    private ClusterNode start(ClusterFixture cluster, int k) throws ClusterStartFailure {
        return cluster.start(k, Optional.of(management), ListedPeers.peers(), true);
    }

    private static boolean isOut(ClusterNode node) {
        return node.members().self().status() == Status.OUT;
    }
}
