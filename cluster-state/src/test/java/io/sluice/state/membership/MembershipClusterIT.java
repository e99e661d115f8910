package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.sluice.state.membership.Member.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

/** Several nodes over real Artery on loopback: how a cluster forms and how nodes leave it in peace. */
class MembershipClusterIT {

    @Test
    void threeNodesFormAClusterWithinFiveSecondsAndAgreeOnTheTime() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            long begun = System.nanoTime();

            List<ClusterNode> nodes = cluster.form(3);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
            for (ClusterNode node : nodes) {
                assertThat(node.members().all())
                        .isEqualTo(nodes.get(0).members().all());
                assertThat(node.inContact()).isTrue();
                assertThat(ahead(node, nodes.get(0))).isBetween(-50L, 50L);
            }
        }
    }

    /** How far one node's time is ahead of another's at least, whatever passes between two looks. */
    private static long ahead(ClusterNode node, ClusterNode other) {
        long before = other.agreedMillis();
        long time = node.agreedMillis();
        long after = other.agreedMillis();
        return time > after ? time - after : Math.min(0, time - before);
    }

    @Test
    void nodeWithAWrongClockIsNoMemberBeforeItGoesByThatOfTheOthers() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode right = cluster.form(2).get(0);
            cluster.wallMillis = () -> System.currentTimeMillis() + 1_500;
            BlockingQueue<Long> ahead = new LinkedBlockingQueue<>();

            ClusterNode wrong = cluster.start(3, cluster.address(1));
            long rightTime = right.agreedMillis();
            assertThat(wrong.agreedMillis() - rightTime).isGreaterThan(1_400);
            wrong.onContact(new Membership.ContactListener() {
                @Override
                public void confirmed(long askedAt) {
                    ahead.add(ahead(wrong, right));
                }

                @Override
                public void lost() {}
            });

            for (int contacts = 0; contacts < 4; contacts++) {
                assertThat(ahead.poll(20, TimeUnit.SECONDS)).isBetween(-50L, 50L);
            }
        }
    }

    @Test
    void everyStepOfAJoinerIsSeenInItsOrder() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode first = cluster.start(1, cluster.address(1));
            ClusterFixture.awaitUp(first, 1);
            List<Members> seen = Collections.synchronizedList(new ArrayList<>());
            first.subscribe(seen::add);

            ClusterNode second = cluster.start(2, cluster.address(1));
            ClusterFixture.awaitUp(second, 2);
            second.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> first.members().all().size() == 1);

            List<Status> steps = new ArrayList<>();
            for (Members snapshot : List.copyOf(seen)) {
                snapshot.others().stream()
                        .map(Member::status)
                        .filter(status -> steps.isEmpty() || steps.get(steps.size() - 1) != status)
                        .forEach(steps::add);
            }
            assertThat(steps).startsWith(Status.JOINING, Status.UP).contains(Status.LEAVING);
            assertThat(seen).extracting(Members::epoch).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void leavingNodeHandsOverFirstAndIsGoneSoon() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            List<ClusterNode> nodes = cluster.form(3);
            List<Status> atHandover = new ArrayList<>();
            ClusterNode leaver = nodes.get(2);
            leaver.beforeLeave(() -> {
                atHandover.add(leaver.members().self().status());
                return CompletableFuture.completedFuture(Done.getInstance());
            });
            leaver.beforeLeave(CompletableFuture::new);
            leaver.beforeLeave(() -> {
                throw new IllegalStateException("a handover that fails");
            });
            long begun = System.nanoTime();

            leaver.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);

            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(12));
            assertThat(atHandover).containsExactly(Status.UP);
            assertThat(leaver.members().self().status()).isEqualTo(Status.OUT);
            assertThat(leaver.inContact()).isFalse();
            ClusterFixture.awaitUp(nodes.get(0), 2);
            ClusterFixture.awaitUp(nodes.get(1), 2);
        }
    }

    @Test
    void takenPortIsNamed() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture();
                ServerSocket taken = new ServerSocket(cluster.port, 1, InetAddress.getByName("127.0.0.1"))) {
            ClusterStartFailure failure =
                    catchThrowableOfType(ClusterStartFailure.class, () -> cluster.start(1, cluster.address(1)));
            ClusterStartFailure other = catchThrowableOfType(
                    ClusterStartFailure.class, () -> cluster.start(2, Optional.of(cluster.port), cluster.address(1)));

            assertThat(failure.key()).isEqualTo("cluster_port");
            assertThat(failure).hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
            assertThat(other.key()).isEqualTo("management_port");
        }
    }

    @Test
    void managementShowsTheMembersAndChangesNothing() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            int port = ClusterFixture.freePort();
            ClusterNode node = cluster.start(1, Optional.of(port), cluster.address(1));
            ClusterFixture.awaitUp(node, 1);
            HttpClient client = HttpClient.newHttpClient();
            URI members = URI.create("http://127.0.0.1:" + port + "/cluster/members");

            var shown = client.send(HttpRequest.newBuilder(members).build(), BodyHandlers.ofString());
            var down = client.send(
                    HttpRequest.newBuilder(URI.create(members + "/" + cluster.address(1)))
                            .DELETE()
                            .build(),
                    BodyHandlers.ofString());

            assertThat(shown.body()).contains(cluster.address(1), "\"Up\"");
            assertThat(down.statusCode()).isEqualTo(405);
        }
    }
}
