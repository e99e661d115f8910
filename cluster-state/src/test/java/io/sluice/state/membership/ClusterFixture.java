package io.sluice.state.membership;

import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.state.membership.ClusterNodeSettings.Tls;
import io.sluice.state.membership.Member.Status;
import io.sluice.state.wire.WireCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;

/** Nodes on 127.0.0.1, .2, .3 of one cluster port; all end with it. */
final class ClusterFixture implements AutoCloseable {

    final int port = freePort();
    final List<ClusterNode> nodes = new ArrayList<>();
    final List<ActorSystem<?>> systems = new CopyOnWriteArrayList<>();
    Config more = ConfigFactory.empty();
    Optional<Tls> tls = Optional.empty();
    List<WireCodec<?>> codecs = List.of();
    List<Consumer<ActorSystem<?>>> parts = List.of();

    String address(int k) {
        return "127.0.0." + k + ":" + port;
    }

    ClusterNode start(int k, String... seeds) throws ClusterStartFailure {
        return start(k, Optional.empty(), seeds);
    }

    ClusterNode start(int k, Optional<Integer> management, String... seeds) throws ClusterStartFailure {
        List<Consumer<ActorSystem<?>>> all = new ArrayList<>(parts);
        all.add(systems::add);
        ClusterNode node = ClusterNode.start(
                new ClusterNodeSettings("127.0.0." + k, port, management, List.of(seeds), tls, more), codecs, all);
        nodes.add(node);
        return node;
    }

    /** Starts nodes 1 to n, all with the seeds 1 and 2, and waits until all see all up. */
    List<ClusterNode> form(int n) throws ClusterStartFailure {
        for (int k = 1; k <= n; k++) {
            start(k, address(1), address(2));
        }
        nodes.forEach(node -> awaitUp(node, n));
        return nodes;
    }

    static void awaitUp(ClusterNode node, int count) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> isUp(node, count));
    }

    static boolean isUp(ClusterNode node, int count) {
        Members members = node.members();
        return members.inContact()
                && members.all().size() == count
                && members.all().stream().allMatch(member -> member.status() == Status.UP && member.reachable());
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        List<CompletionStage<?>> ends = new ArrayList<>();
        nodes.forEach(node -> ends.add(node.stop()));
        CompletableFuture.allOf(
                        ends.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new))
                .orTimeout(40, TimeUnit.SECONDS)
                .join();
    }
}
