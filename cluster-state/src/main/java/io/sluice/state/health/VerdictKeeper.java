package io.sluice.state.health;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /** One message carries a key's whole ledger: with so many keys each is a part of a frame, also if 100,000 targets are down. */
    static final int SHARDS = 64;

    private static final class LedgerKey extends Key<VerdictLedger> {
        LedgerKey(int shard) {
            super("health-" + shard);
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
    private final List<LedgerKey> keys =
            IntStream.range(0, SHARDS).mapToObj(LedgerKey::new).toList();
    private final Map<String, VerdictLedger> known = new HashMap<>();

    static Behavior<Command> create(ReplicatorSettings settings, Consumer<List<Verdict>> inlet) {
        return Behaviors.setup(context -> new VerdictKeeper(context, settings, inlet));
    }

    private VerdictKeeper(ActorContext<Command> context, ReplicatorSettings settings, Consumer<List<Verdict>> inlet) {
        super(context);
        this.inlet = inlet;
        replicator = Adapter.actorOf(context, Replicator.props(settings), "replicator");
        writes = Adapter.toClassic(context.messageAdapter(Replicator.UpdateResponse.class, Written::new));
        var changes = Adapter.toClassic(context.messageAdapter(Replicator.SubscribeResponse.class, Changed::new));
        keys.forEach(key -> replicator.tell(new Replicator.Subscribe<>(key, changes), changes));
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

    /** The same for all nodes. */
    private static int shard(Verdict verdict) {
        return Math.floorMod(verdict.address().toString().hashCode(), SHARDS);
    }

    private Behavior<Command> onPublish(Publish publish) {
        publish.verdicts().stream()
                .collect(Collectors.groupingBy(VerdictKeeper::shard))
                .forEach((shard, verdicts) -> update(keys.get(shard), ledger -> ledger.with(verdicts)));
        return this;
    }

    private void update(LedgerKey key, UnaryOperator<VerdictLedger> change) {
        replicator.tell(new Replicator.Update<>(key, VerdictLedger.EMPTY, Replicator.writeLocal(), change), writes);
    }

    private Behavior<Command> onChanged(Changed changed) {
        if (changed.response() instanceof Replicator.Changed<?> change
                && change.dataValue() instanceof VerdictLedger ledger) {
            VerdictLedger before = known.put(change.key().id(), ledger);
            List<Verdict> news = ledger.newerThan(before == null ? VerdictLedger.EMPTY : before);
            if (!news.isEmpty()) {
                inlet.accept(news);
            }
        }
        return this;
    }

    private Behavior<Command> onForget(Forget forget) {
        for (LedgerKey key : keys) {
            VerdictLedger ledger = known.get(key.id());
            if (ledger != null && ledger.isBehind(forget.horizon())) {
                update(key, current -> current.since(forget.horizon()));
            }
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
