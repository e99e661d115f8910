package io.sluice.state.circuit;

import io.sluice.state.membership.Members;
import io.sluice.state.membership.Membership;
import io.sluice.state.wire.WireCodec;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The circuits of all upstreams, as the nodes of a cluster tell each other of them. In a cluster: make it, start the
 * {@link io.sluice.state.membership.ClusterNode} with {@link #codecs} and {@link #spawn}, then {@link #follow} that node. Any
 * thread; nothing blocks.
 */
public final class SharedCircuits {

    private final CircuitTable table = new CircuitTable(this::agreedMillis);
    private final Object changes = new Object();
    private volatile Membership membership = Membership.alone();
    private volatile @Nullable ActorRef<CircuitKeeper.Command> keeper;
    /** Under {@link #changes}; nothing before there is a node to follow. */
    private @Nullable Members seen;

    /** What nodes say to each other about circuits. */
    public static List<WireCodec<?>> codecs() {
        return List.of(Circuits.codec());
    }

    /** Starts what runs in the cluster's actor system. */
    public void spawn(ActorSystem<?> system) {
        // It goes on with the peers that it has: they are told only once.
        ActorRef<CircuitKeeper.Command> next = system.systemActorOf(
                Behaviors.supervise(CircuitKeeper.create(table)).onFailure(SupervisorStrategy.resume()),
                CircuitKeeper.NAME,
                Props.empty());
        synchronized (changes) {
            keeper = next;
            Members known = seen;
            if (known != null) {
                next.tell(new CircuitKeeper.Seen(known));
            }
        }
    }

    /** Takes part in the cluster that a node is in. To be called once. */
    public void follow(Membership node) {
        membership = node;
        node.subscribe(this::seen);
    }

    private void seen(Members members) {
        synchronized (changes) {
            seen = members;
            ActorRef<CircuitKeeper.Command> current = keeper;
            if (current != null) {
                current.tell(new CircuitKeeper.Seen(members));
            }
        }
    }

    /** In what versions are counted. */
    public long agreedMillis() {
        return membership.agreedMillis();
    }

    /** The cluster now; this node by itself until it follows one. */
    public Members members() {
        return membership.members();
    }

    /**
     * This node has changed a circuit: all nodes hear of it. While it is out of contact with the others it acts for itself only,
     * and nobody hears.
     */
    public void changed(Circuit circuit) {
        if (!membership.inContact()) {
            return;
        }
        table.put(circuit);
        ActorRef<CircuitKeeper.Command> current = keeper;
        if (current != null) {
            current.tell(new CircuitKeeper.Found(circuit));
        }
    }

    /** What is known of an upstream's circuit. */
    public Optional<Circuit> of(String upstream) {
        return table.of(upstream);
    }

    /** Calls with every change that another node has made, from now on; must not block. */
    public void listen(Consumer<Circuit> listener) {
        table.listen(listener);
    }
}
