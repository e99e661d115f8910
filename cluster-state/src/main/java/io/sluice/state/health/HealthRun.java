package io.sluice.state.health;

import com.typesafe.config.Config;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Members;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ddata.ReplicatorSettings;

/** The actors of one run of the cluster's actor system, and the way to those of other nodes. Any thread. */
final class HealthRun {

    /** Names below {@code /system} by which nodes find each other's. */
    private static final String GATE = "sluice-health";

    private static final String VERDICTS = "sluice-health-verdicts";

    private final ActorSystem<?> system;
    private final ActorRef<VerdictKeeper.Command> verdicts;
    private volatile Map<Long, ActorRef<HealthMessage>> peers = Map.of();

    private HealthRun(ActorSystem<?> system, ActorRef<VerdictKeeper.Command> verdicts) {
        this.system = system;
        this.verdicts = verdicts;
    }

    /** Spawns the actors. */
    static HealthRun start(ActorSystem<?> system, Consumer<HealthMessage> messages, Consumer<List<Verdict>> learned) {
        // It keeps nothing, so after a bug the next message is as good as ever.
        ActorRef<HealthMessage> unused = system.systemActorOf(
                Behaviors.supervise(HealthGate.create(messages)).onFailure(SupervisorStrategy.resume()),
                GATE,
                Props.empty());
        // It goes on with the replicator that it has: a restart would end it and forget what it knows.
        ActorRef<VerdictKeeper.Command> verdicts = system.systemActorOf(
                Behaviors.supervise(VerdictKeeper.create(settings(system), learned))
                        .onFailure(SupervisorStrategy.resume()),
                VERDICTS,
                Props.empty());
        return new HealthRun(system, verdicts);
    }

    private static ReplicatorSettings settings(ActorSystem<?> system) {
        Config all = system.settings().config();
        return ReplicatorSettings.apply(all.getConfig("sluice.health.replicator")
                .withFallback(all.getConfig("pekko.cluster.distributed-data")));
    }

    void members(Members members) {
        Map<Long, ActorRef<HealthMessage>> next = new HashMap<>();
        for (Member member : members.others()) {
            ActorRef<HealthMessage> known = peers.get(member.id());
            next.put(member.id(), known == null ? ClusterNode.peer(system, member.address(), GATE) : known);
        }
        peers = Map.copyOf(next);
    }

    boolean isPeer(long id) {
        return peers.containsKey(id);
    }

    void send(long member, HealthMessage message) {
        ActorRef<HealthMessage> peer = peers.get(member);
        if (peer != null) {
            peer.tell(message);
        }
    }

    void replicate(List<Verdict> found) {
        verdicts.tell(new VerdictKeeper.Publish(found));
    }

    void forget(long horizon) {
        verdicts.tell(new VerdictKeeper.Forget(horizon));
    }
}
