package io.sluice.state.membership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The way to the actors of one name on the other nodes, and to this node's own where it only hands on what they send. For one run of
 * the cluster's actor system. Any thread.
 *
 * @param <T> what they say to each other
 */
public final class PeerActors<T> {

    private final ActorSystem<?> system;
    private final String name;
    private volatile Map<Long, ActorRef<T>> peers = Map.of();

    /**
     * Of an actor that is there.
     *
     * @param name below {@code /system}, by which nodes find each other's
     */
    public PeerActors(ActorSystem<?> system, String name) {
        this.system = system;
        this.name = name;
    }

    /**
     * Spawns this node's, which hands on at once what the others send.
     *
     * @param name below {@code /system}, by which nodes find each other's
     * @param inlet takes what comes in, also from nodes that are no members; must not block
     */
    public static <T> PeerActors<T> open(ActorSystem<?> system, String name, Class<T> type, Consumer<T> inlet) {
        // It keeps nothing, so after a bug the next message is as good as ever.
        ActorRef<T> unused = system.systemActorOf(
                Behaviors.supervise(Behaviors.receive(type)
                                .onMessage(type, message -> {
                                    inlet.accept(message);
                                    return Behaviors.same();
                                })
                                .build())
                        .onFailure(SupervisorStrategy.resume()),
                name,
                Props.empty());
        return new PeerActors<>(system, name);
    }

    /** The cluster has changed: gives the members that are new. One thread at a time. */
    public List<Long> members(Members members) {
        Map<Long, ActorRef<T>> before = peers;
        Map<Long, ActorRef<T>> next = new HashMap<>();
        List<Long> fresh = new ArrayList<>();
        for (Member member : members.others()) {
            ActorRef<T> known = before.get(member.id());
            if (known == null) {
                fresh.add(member.id());
            }
            next.put(member.id(), known == null ? ClusterNode.peer(system, member.address(), name) : known);
        }
        peers = Map.copyOf(next);
        return fresh;
    }

    /** Whether another node of this id is a member. */
    public boolean has(long id) {
        return peers.containsKey(id);
    }

    /** Tells a member; nothing happens if it is none, or none any more. */
    public void send(long member, T message) {
        ActorRef<T> peer = peers.get(member);
        if (peer != null) {
            peer.tell(message);
        }
    }

    /** Tells all other members. */
    public void sendAll(T message) {
        peers.values().forEach(peer -> peer.tell(message));
    }
}
