package io.sluice.state.health;

import com.typesafe.config.Config;
import io.sluice.state.membership.Members;
import io.sluice.state.membership.PeerActors;
import java.util.List;
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

    private final PeerActors<HealthMessage> peers;
    private final ActorRef<VerdictKeeper.Command> verdicts;

    private HealthRun(PeerActors<HealthMessage> peers, ActorRef<VerdictKeeper.Command> verdicts) {
        this.peers = peers;
        this.verdicts = verdicts;
    }

    /** Spawns the actors. */
    static HealthRun start(ActorSystem<?> system, Consumer<HealthMessage> messages, Consumer<List<Verdict>> learned) {
        PeerActors<HealthMessage> peers = PeerActors.open(system, GATE, HealthMessage.class, messages);
        // It goes on with the replicator that it has: a restart would end it and forget what it knows.
        ActorRef<VerdictKeeper.Command> verdicts = system.systemActorOf(
                Behaviors.supervise(VerdictKeeper.create(settings(system), learned))
                        .onFailure(SupervisorStrategy.resume()),
                VERDICTS,
                Props.empty());
        return new HealthRun(peers, verdicts);
    }

    private static ReplicatorSettings settings(ActorSystem<?> system) {
        Config all = system.settings().config();
        return ReplicatorSettings.apply(all.getConfig("sluice.health.replicator")
                .withFallback(all.getConfig("pekko.cluster.distributed-data")));
    }

    void members(Members members) {
        peers.members(members);
    }

    boolean isPeer(long id) {
        return peers.has(id);
    }

    void send(long member, HealthMessage message) {
        peers.send(member, message);
    }

    void replicate(List<Verdict> found) {
        verdicts.tell(new VerdictKeeper.Publish(found));
    }

    void forget(long horizon) {
        verdicts.tell(new VerdictKeeper.Forget(horizon));
    }
}
