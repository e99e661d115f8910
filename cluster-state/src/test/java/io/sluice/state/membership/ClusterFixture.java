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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.remote.RemoteActorRefProvider;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter.Blackhole$;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter.Direction;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter.SetThrottle;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter.ThrottleMode;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter.Unthrottled$;

/** Nodes on 127.0.0.1, .2, .3 of one cluster port; all end with it. */
public final class ClusterFixture implements AutoCloseable {

    public final int port = freePort();
    public final List<ClusterNode> nodes = new ArrayList<>();
    private final Map<Integer, ActorSystem<?>> systems = new ConcurrentHashMap<>();
    private final Map<Integer, Set<Integer>> cuts = new ConcurrentHashMap<>();
    public Config more = ConfigFactory.parseString("system.pekko.remote.artery.advanced.test-mode = on");
    Optional<Tls> tls = Optional.empty();
    public List<WireCodec<?>> codecs = List.of();
    public List<Consumer<ActorSystem<?>>> parts = List.of();

    /** Of the nodes that are started from now on. */
    LongSupplier wallMillis = System::currentTimeMillis;

    public String address(int k) {
        return "127.0.0." + k + ":" + port;
    }

    public ClusterNode start(int k, String... seeds) throws ClusterStartFailure {
        return start(k, Optional.empty(), seeds);
    }

    ClusterNode start(int k, Optional<Integer> management, String... seeds) throws ClusterStartFailure {
        return start(k, management, new Peers.Seeds(List.of(seeds)), true);
    }

    ClusterNode start(int k, Optional<Integer> management, Peers peers, boolean newCluster) throws ClusterStartFailure {
        List<Consumer<ActorSystem<?>>> all = new ArrayList<>(parts);
        all.add(system -> {
            systems.put(k, system);
            cuts.getOrDefault(k, Set.of()).forEach(other -> link(system, other, Blackhole$.MODULE$));
        });
        ClusterNode node = ClusterNode.start(
                new ClusterNodeSettings("127.0.0." + k, port, management, peers, newCluster, tls, more),
                codecs,
                all,
                wallMillis);
        nodes.add(node);
        return node;
    }

    /** From now on nothing gets from the node to the others and back, also when its actor system is another one. */
    public void cut(int k, Integer... others) {
        cuts.put(k, Set.of(others));
        cuts.get(k).forEach(other -> link(system(k), other, Blackhole$.MODULE$));
    }

    public void heal(int k) {
        Set<Integer> others = cuts.remove(k);
        others.forEach(other -> link(system(k), other, Unthrottled$.MODULE$));
    }

    ActorSystem<?> system(int k) {
        return systems.get(k);
    }

    /** Artery drops messages instead of sending or delivering them (needs its test mode). */
    private void link(ActorSystem<?> system, int other, ThrottleMode mode) {
        Address peer = AddressFromURIString.parse("pekko://" + ClusterNode.SYSTEM + "@" + address(other));
        ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
        ((RemoteActorRefProvider) classic.provider())
                .transport()
                .managementCommand(new SetThrottle(peer, both(), mode));
    }

    /** Scala's {@code Direction.Both}, for which Java has no name. */
    private static Direction both() {
        try {
            return (Direction) Class.forName(Direction.class.getName() + "$Both$")
                    .getField("MODULE$")
                    .get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts nodes 1 to n, all with the seeds 1 and 2, and waits until all see all up. */
    List<ClusterNode> form(int n) throws ClusterStartFailure {
        for (int k = 1; k <= n; k++) {
            start(k, address(1), address(2));
        }
        nodes.forEach(node -> awaitUp(node, n));
        return List.copyOf(nodes);
    }

    public static void awaitUp(ClusterNode node, int count) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> isUp(node, count));
    }

    public static boolean isUp(ClusterNode node, int count) {
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
