package io.sluice.state.circuit;

import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Members;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Tells other nodes of circuits and hears of theirs, during one run of the cluster's actor system. A change is told to all at
 * once, everything to a node that is new, and everything to all every few seconds, which makes up for what is lost. There is
 * nothing to tell but circuits that were opened lately.
 */
final class CircuitKeeper extends AbstractBehavior<CircuitKeeper.Command> {

    /** Below {@code /system}, by which nodes find each other's. */
    static final String NAME = "sluice-circuits";

    private static final Duration REPEAT = Duration.ofSeconds(3);

    /** What it is told. */
    sealed interface Command permits Circuits, Seen, Found, Repeat {}

    /** The cluster has changed. */
    record Seen(Members members) implements Command {}

    /** This node has changed a circuit. */
    record Found(Circuit circuit) implements Command {}

    private enum Repeat implements Command {
        NOW
    }

    private final CircuitTable table;
    private final Map<Long, ActorRef<Circuits>> peers = new HashMap<>();

    static Behavior<Command> create(CircuitTable table) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Repeat.NOW, REPEAT);
            return Behaviors.setup(context -> new CircuitKeeper(context, table));
        });
    }

    private CircuitKeeper(ActorContext<Command> context, CircuitTable table) {
        super(context);
        this.table = table;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Seen.class, this::onSeen)
                .onMessage(Found.class, this::onFound)
                .onMessage(Circuits.class, this::onCircuits)
                .onMessageEquals(Repeat.NOW, this::onRepeat)
                .build();
    }

    private Behavior<Command> onSeen(Seen seen) {
        List<Member> others = seen.members().others();
        peers.keySet().retainAll(others.stream().map(Member::id).toList());
        List<Circuit> known = table.all();
        for (Member member : others) {
            if (!peers.containsKey(member.id())) {
                ActorRef<Circuits> peer = ClusterNode.peer(getContext().getSystem(), member.address(), NAME);
                peers.put(member.id(), peer);
                if (!known.isEmpty()) {
                    peer.tell(new Circuits(0, known));
                }
            }
        }
        return this;
    }

    private Behavior<Command> onFound(Found found) {
        tellAll(List.of(found.circuit()));
        return this;
    }

    /** What comes from a node that is none of the cluster, or none any more, counts for nothing. */
    private Behavior<Command> onCircuits(Circuits circuits) {
        if (peers.containsKey(circuits.sender())) {
            table.learn(circuits.all());
        }
        return this;
    }

    private Behavior<Command> onRepeat() {
        List<Circuit> known = table.all();
        if (!known.isEmpty()) {
            tellAll(known);
        }
        return this;
    }

    private void tellAll(List<Circuit> circuits) {
        Circuits message = new Circuits(0, circuits);
        peers.values().forEach(peer -> peer.tell(message));
    }
}
