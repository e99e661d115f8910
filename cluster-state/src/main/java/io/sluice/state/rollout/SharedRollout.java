package io.sluice.state.rollout;

import io.sluice.state.membership.Members;
import io.sluice.state.membership.Membership;
import io.sluice.state.wire.WireCodec;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Which configuration is live on which node. In a cluster: make it, start the {@link io.sluice.state.membership.ClusterNode} with
 * {@link #codecs} and {@link #spawn}, then {@link #follow} that node; a node by itself just says what is live. Any thread; nothing
 * blocks.
 */
public final class SharedRollout {

    private final RolloutTable table = new RolloutTable();
    private final Object changes = new Object();
    private volatile @Nullable ActorRef<RolloutKeeper.Command> keeper;
    /** Under {@link #changes}; nothing before there is a node to follow. */
    private @Nullable Members seen;

    /** What nodes say to each other about it. */
    public static List<WireCodec<?>> codecs() {
        return List.of(LiveHash.codec());
    }

    /** Starts what runs in the cluster's actor system. */
    public void spawn(ActorSystem<?> system) {
        // It goes on with the peers that it has: they are told only once.
        ActorRef<RolloutKeeper.Command> next = system.systemActorOf(
                Behaviors.supervise(RolloutKeeper.create(table)).onFailure(SupervisorStrategy.resume()),
                RolloutKeeper.NAME,
                Props.empty());
        synchronized (changes) {
            keeper = next;
            Members known = seen;
            if (known != null) {
                next.tell(new RolloutKeeper.Seen(known));
            }
        }
    }

    /** Takes part in the cluster that a node is in. To be called once. */
    public void follow(Membership node) {
        Runnable unused = node.subscribe(this::seen);
    }

    private void seen(Members members) {
        synchronized (changes) {
            seen = members;
            table.seen(members);
            ActorRef<RolloutKeeper.Command> current = keeper;
            if (current != null) {
                current.tell(new RolloutKeeper.Seen(members));
            }
        }
    }

    /**
     * What is live on this node from now on.
     *
     * @param hash the same on all nodes for the same configuration, at most 64 characters
     */
    public void live(String hash) {
        ActorRef<RolloutKeeper.Command> current = keeper;
        if (table.own(hash) && current != null) {
            current.tell(RolloutKeeper.Tell.NOW);
        }
    }

    /** How far configurations have come, as this node knows it. */
    public Rollout view() {
        return table.view();
    }

    /** Calls whenever {@link #view()} has changed, from now on; must not block. */
    public void listen(Runnable listener) {
        table.listen(listener);
    }
}
