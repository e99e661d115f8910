package io.sluice.state.limit.crdt;

import io.sluice.state.limit.Estates;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Members;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The actors of one run of the cluster's actor system, and the way to those of other nodes. Any thread. */
final class LimitsRun {

    /** Names below {@code /system} by which nodes find each other's. */
    private static final String GATE = "sluice-limits";

    private static final String LEDGER = "sluice-limits-ledger";

    private final ActorSystem<?> system;
    private final ActorRef<LedgerKeeper.Command> ledger;
    private volatile Map<Long, ActorRef<Batch>> peers = Map.of();

    private LimitsRun(ActorSystem<?> system, ActorRef<LedgerKeeper.Command> ledger) {
        this.system = system;
        this.ledger = ledger;
    }

    /** Spawns the actors. */
    static LimitsRun start(ActorSystem<?> system, BatchGate.Inlet batches, LedgerKeeper.Inlet rows) {
        // It keeps nothing, so after a bug the next batch is as good as ever.
        ActorRef<Batch> unused = system.systemActorOf(
                Behaviors.supervise(BatchGate.create(batches)).onFailure(SupervisorStrategy.resume()),
                GATE,
                Props.empty());
        // It goes on with the replicators and the rows that it has: a restart would end the ones and forget the others.
        ActorRef<LedgerKeeper.Command> ledger = system.systemActorOf(
                Behaviors.supervise(LedgerKeeper.create(ReplicationSettings.of(system), rows))
                        .onFailure(SupervisorStrategy.resume()),
                LEDGER,
                Props.empty());
        return new LimitsRun(system, ledger);
    }

    ActorSystem<?> system() {
        return system;
    }

    void members(Members members) {
        Map<Long, ActorRef<Batch>> next = new HashMap<>();
        for (Member member : members.others()) {
            ActorRef<Batch> known = peers.get(member.id());
            next.put(member.id(), known == null ? ClusterNode.peer(system, member.address(), GATE) : known);
        }
        peers = Map.copyOf(next);
        ledger.tell(new LedgerKeeper.Seen(members));
    }

    boolean isPeer(long id) {
        return peers.containsKey(id);
    }

    void send(long member, Batch batch) {
        ActorRef<Batch> peer = peers.get(member);
        if (peer != null) {
            peer.tell(batch);
        }
    }

    void replicate(List<TransferRow> rows) {
        ledger.tell(new LedgerKeeper.Publish(rows));
    }

    void announce(Estates estates) {
        ledger.tell(new LedgerKeeper.Announce(estates));
    }

    /** Brings every transfer from a node to all nodes now; false if that did not succeed within the time. */
    CompletionStage<Boolean> flush(long donor, Duration within) {
        return AskPattern.<LedgerKeeper.Command, Boolean>ask(
                        ledger,
                        replyTo -> new LedgerKeeper.Flush(donor, within, replyTo),
                        within.plusMillis(100),
                        system.scheduler())
                .exceptionally(late -> false);
    }

    /** Done when all nodes know the estates announced here, or after the time. */
    CompletionStage<Done> announced(Duration within) {
        return AskPattern.<LedgerKeeper.Command, Done>ask(
                        ledger, LedgerKeeper.AwaitAnnounced::new, within, system.scheduler())
                .exceptionally(late -> Done.getInstance());
    }
}
