package io.sluice.state.circuit;

import io.sluice.state.membership.Members;
import io.sluice.state.membership.PeerActors;
import java.time.Duration;
import java.util.List;
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
    private final PeerActors<Circuits> peers;

    static Behavior<Command> create(CircuitTable table) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Repeat.NOW, REPEAT);
            return Behaviors.setup(context -> new CircuitKeeper(context, table));
        });
    }

    private CircuitKeeper(ActorContext<Command> context, CircuitTable table) {
        super(context);
        this.table = table;
        this.peers = new PeerActors<>(context.getSystem(), NAME);
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
        List<Long> fresh = peers.members(seen.members());
        List<Circuit> known = table.all();
        if (!known.isEmpty()) {
            fresh.forEach(node -> peers.send(node, new Circuits(0, known)));
        }
        return this;
    }

    private Behavior<Command> onFound(Found found) {
        peers.sendAll(new Circuits(0, List.of(found.circuit())));
        return this;
    }

    /** What comes from a node that is none of the cluster, or none any more, counts for nothing. */
    private Behavior<Command> onCircuits(Circuits circuits) {
        if (peers.has(circuits.sender())) {
            table.learn(circuits.all());
        }
        return this;
    }

    private Behavior<Command> onRepeat() {
        List<Circuit> known = table.all();
        if (!known.isEmpty()) {
            peers.sendAll(new Circuits(0, known));
        }
        return this;
    }
}
