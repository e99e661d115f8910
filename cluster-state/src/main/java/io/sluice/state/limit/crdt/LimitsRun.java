package io.sluice.state.limit.crdt;

import io.sluice.state.limit.Estates;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.membership.Members;
import io.sluice.state.membership.PeerActors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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
    private final PeerActors<Batch> peers;
    private final ActorRef<LedgerKeeper.Command> ledger;

    private LimitsRun(ActorSystem<?> system, PeerActors<Batch> peers, ActorRef<LedgerKeeper.Command> ledger) {
        this.system = system;
        this.peers = peers;
        this.ledger = ledger;
    }

    /** Spawns the actors. */
    static LimitsRun start(ActorSystem<?> system, Consumer<Batch> batches, LedgerKeeper.Inlet rows) {
        PeerActors<Batch> peers = PeerActors.open(system, GATE, Batch.class, batches);
        // It goes on with the replicators and the rows that it has: a restart would end the ones and forget the others.
        ActorRef<LedgerKeeper.Command> ledger = system.systemActorOf(
                Behaviors.supervise(LedgerKeeper.create(ReplicationSettings.of(system), rows))
                        .onFailure(SupervisorStrategy.resume()),
                LEDGER,
                Props.empty());
        return new LimitsRun(system, peers, ledger);
    }

    ActorSystem<?> system() {
        return system;
    }

    void members(Members members) {
        peers.members(members);
        ledger.tell(new LedgerKeeper.Seen(members));
    }

    boolean isPeer(long id) {
        return peers.has(id);
    }

    void send(long member, Batch batch) {
        peers.send(member, batch);
    }

    void replicate(List<TransferRow> rows) {
        ledger.tell(new LedgerKeeper.Publish(rows));
    }

    void announce(Estates estates) {
        ledger.tell(new LedgerKeeper.Announce(estates));
    }

    /** Brings every transfer from a node to all nodes, also each that is replicated from now on. */
    void hurry(long donor, Duration within) {
        ledger.tell(new LedgerKeeper.Hurry(donor, within));
    }

    /** Whether all of that is on all nodes; false if it is not within the time. */
    CompletionStage<Boolean> awaitAll(Duration within) {
        return AskPattern.<LedgerKeeper.Command, Boolean>ask(
                        ledger, LedgerKeeper.AwaitAll::new, within, system.scheduler())
                .exceptionally(late -> false);
    }

    /** Done when all nodes know the estates announced here, or after the time. */
    CompletionStage<Done> announced(Duration within) {
        return AskPattern.<LedgerKeeper.Command, Done>ask(
                        ledger, LedgerKeeper.AwaitAnnounced::new, within, system.scheduler())
                .exceptionally(late -> Done.getInstance());
    }
}
