package io.sluice.state.health;

import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.Replicator;
import org.apache.pekko.cluster.ddata.ReplicatorSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slow lane of verdicts: owns this node's replicator of them during one run of the cluster's actor system. It brings what direct
 * messages have lost, and tells a node that comes what the others know.
 */
final class VerdictKeeper extends AbstractBehavior<VerdictKeeper.Command> {

    private static final Logger log = LoggerFactory.getLogger(VerdictKeeper.class);

    private static final Key<VerdictLedger> KEY = new LedgerKey();

    private static final class LedgerKey extends Key<VerdictLedger> {
        LedgerKey() {
            super("health");
        }
    }

    /** What it is told. */
    sealed interface Command {}

    /** This node has found it. */
    record Publish(List<Verdict> verdicts) implements Command {}

    /** What is older is over. */
    record Forget(long horizon) implements Command {}

    private record Changed(Replicator.SubscribeResponse<?> response) implements Command {}

    private record Written(Replicator.UpdateResponse<?> response) implements Command {}

    private final Consumer<List<Verdict>> inlet;
    private final org.apache.pekko.actor.ActorRef replicator;
    private final org.apache.pekko.actor.ActorRef writes;
    private VerdictLedger known = VerdictLedger.EMPTY;

    static Behavior<Command> create(ReplicatorSettings settings, Consumer<List<Verdict>> inlet) {
        return Behaviors.setup(context -> new VerdictKeeper(context, settings, inlet));
    }

    private VerdictKeeper(ActorContext<Command> context, ReplicatorSettings settings, Consumer<List<Verdict>> inlet) {
        super(context);
        this.inlet = inlet;
        replicator = Adapter.actorOf(context, Replicator.props(settings), "replicator");
        writes = Adapter.toClassic(context.messageAdapter(Replicator.UpdateResponse.class, Written::new));
        var changes = Adapter.toClassic(context.messageAdapter(Replicator.SubscribeResponse.class, Changed::new));
        replicator.tell(new Replicator.Subscribe<>(KEY, changes), changes);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Publish.class, this::onPublish)
                .onMessage(Changed.class, this::onChanged)
                .onMessage(Forget.class, this::onForget)
                .onMessage(Written.class, this::onWritten)
                .build();
    }

    private Behavior<Command> onPublish(Publish publish) {
        replicator.tell(
                new Replicator.Update<>(
                        KEY, VerdictLedger.EMPTY, Replicator.writeLocal(), ledger -> ledger.with(publish.verdicts())),
                writes);
        return this;
    }

    private Behavior<Command> onChanged(Changed changed) {
        if (changed.response() instanceof Replicator.Changed<?> change
                && change.dataValue() instanceof VerdictLedger ledger) {
            List<Verdict> news = ledger.newerThan(known);
            known = ledger;
            if (!news.isEmpty()) {
                inlet.accept(news);
            }
        }
        return this;
    }

    private Behavior<Command> onForget(Forget forget) {
        if (known.isBehind(forget.horizon())) {
            replicator.tell(
                    new Replicator.Update<>(
                            KEY,
                            VerdictLedger.EMPTY,
                            Replicator.writeLocal(),
                            ledger -> ledger.since(forget.horizon())),
                    writes);
        }
        return this;
    }

    private Behavior<Command> onWritten(Written written) {
        if (written.response() instanceof Replicator.ModifyFailure<?> failure) {
            log.atError().setCause(failure.cause()).log("a bug: verdicts on targets are not replicated");
        }
        return this;
    }
}
