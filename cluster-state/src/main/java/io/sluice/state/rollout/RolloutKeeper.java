package io.sluice.state.rollout;

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
    private final Map<Long, ActorRef<LiveHash>> peers = new HashMap<>();

    static Behavior<Command> create(RolloutTable table) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tell.NOW, REPEAT);
            return Behaviors.setup(context -> new RolloutKeeper(context, table));
        });
    }

    private RolloutKeeper(ActorContext<Command> context, RolloutTable table) {
        super(context);
        this.table = table;
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
        List<Member> others = seen.members().others();
        peers.keySet().retainAll(others.stream().map(Member::id).toList());
        String own = table.own();
        for (Member member : others) {
            if (!peers.containsKey(member.id())) {
                ActorRef<LiveHash> peer = ClusterNode.peer(getContext().getSystem(), member.address(), NAME);
                peers.put(member.id(), peer);
                if (!own.isEmpty()) {
                    peer.tell(new LiveHash(0, own));
                }
            }
        }
        return this;
    }

    /** What comes from a node that is none of the cluster, or none any more, counts for nothing. */
    private Behavior<Command> onLiveHash(LiveHash live) {
        if (peers.containsKey(live.sender())) {
            table.learn(live.sender(), live.hash());
        }
        return this;
    }

    private Behavior<Command> onTell() {
        String own = table.own();
        if (!own.isEmpty()) {
            LiveHash message = new LiveHash(0, own);
            peers.values().forEach(peer -> peer.tell(message));
        }
        return this;
    }
}
