package io.sluice.state.rollout;

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
 * Tells the other nodes what is live here and hears what is there, during one run of the cluster's actor system. A change is told
 * at once, so is a node that is new, and all hear it again every few seconds, which makes up for what is lost.
 */
final class RolloutKeeper extends AbstractBehavior<RolloutKeeper.Command> {

    /** Below {@code /system}, by which nodes find each other's. */
    static final String NAME = "sluice-rollout";

    private static final Duration REPEAT = Duration.ofSeconds(5);

    /** What it is told. */
    sealed interface Command permits LiveHash, Seen, Tell {}

    /** The cluster has changed. */
    record Seen(Members members) implements Command {}

    /** Say what is live here. */
    enum Tell implements Command {
        NOW
    }

    private final RolloutTable table;
    private final PeerActors<LiveHash> peers;

    static Behavior<Command> create(RolloutTable table) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tell.NOW, REPEAT);
            return Behaviors.setup(context -> new RolloutKeeper(context, table));
        });
    }

    private RolloutKeeper(ActorContext<Command> context, RolloutTable table) {
        super(context);
        this.table = table;
        this.peers = new PeerActors<>(context.getSystem(), NAME);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Seen.class, this::onSeen)
                .onMessage(LiveHash.class, this::onLiveHash)
                .onMessageEquals(Tell.NOW, this::onTell)
                .build();
    }

    private Behavior<Command> onSeen(Seen seen) {
        List<Long> fresh = peers.members(seen.members());
        String own = table.own();
        if (!own.isEmpty()) {
            fresh.forEach(node -> peers.send(node, new LiveHash(0, own)));
        }
        return this;
    }

    /** What comes from a node that is none of the cluster, or none any more, counts for nothing. */
    private Behavior<Command> onLiveHash(LiveHash live) {
        if (peers.has(live.sender())) {
            table.learn(live.sender(), live.hash());
        }
        return this;
    }

    private Behavior<Command> onTell() {
        String own = table.own();
        if (!own.isEmpty()) {
            peers.sendAll(new LiveHash(0, own));
        }
        return this;
    }
}
