package io.sluice.state.limit.crdt;

import io.sluice.state.limit.Estates;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Member.Status;
import io.sluice.state.membership.Members;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ddata.Replicator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slow lane: owns this node's replicators of the ledgers during one run of the cluster's actor system. Gives them the rows that
 * this node's lanes have written, once a second and never more at a time than fits into a message, and gives the lanes those that
 * others have written. The estates have a key of their own at the first replicator and are written to all nodes at once.
 */
final class LedgerKeeper extends AbstractBehavior<LedgerKeeper.Command> {

    private static final Logger log = LoggerFactory.getLogger(LedgerKeeper.class);

    /** Rows are dropped only when the clocks of all nodes agree that they are over. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private static final Duration COUNT_AGAIN = Duration.ofMillis(100);
    private static final Duration TELL_TIME = Duration.ofSeconds(5);
    private static final Duration LEAST_TIME = Duration.ofMillis(50);
    private static final Duration ANNOUNCE_TIME = Duration.ofSeconds(1);

    /** What it is told. */
    sealed interface Command {}

    /** Rows that this node has written. */
    record Publish(List<TransferRow> rows) implements Command {}

    /** The membership has changed. */
    record Seen(Members members) implements Command {}

    /** Estates that this node has changed: to be on all nodes now. */
    record Announce(Estates estates) implements Command {}

    /** Every transfer from a node, also those that are published from now on, is to be on all nodes at once. */
    record Hurry(long donor, Duration within) implements Command {}

    /** The answer is whether all that was published since {@link Hurry} is on all nodes, when that is known. */
    record AwaitAll(ActorRef<Boolean> replyTo) implements Command {}

    /** To be answered when all nodes have been told the estates that this one was. */
    record AwaitAnnounced(ActorRef<Done> replyTo) implements Command {}

    private record Changed(Replicator.SubscribeResponse<?> response) implements Command {}

    private record Read(Replicator.GetResponse<?> response) implements Command {}

    private record Written(Replicator.UpdateResponse<?> response) implements Command {}

    private record Counted(Replicator.ReplicaCount count) implements Command {}

    private enum Tick implements Command {
        PUBLISH,
        FORGET,
        COUNT,
        GIVE_UP
    }

    /** Where what it learns goes. */
    interface Inlet {

        /** Rows that other nodes have written. */
        void merge(List<TransferRow> rows);

        /** What other nodes know of who owns what. */
        void learn(Estates estates);

        /** How many rows there are. */
        void rows(long count);

        /** All that others had is here, or it took too long. */
        void bootstrapped();

        /** The time that rows are over by. */
        long agreedMillis();
    }

    private enum Bootstrap {
        TO_COME,
        COUNTING,
        READING,
        OVER
    }

    private final TimerScheduler<Command> timers;
    private final ReplicationSettings settings;
    private final Inlet inlet;
    private final List<org.apache.pekko.actor.ActorRef> replicators = new ArrayList<>();
    private final org.apache.pekko.actor.ActorRef reads;
    private final org.apache.pekko.actor.ActorRef writes;
    private final org.apache.pekko.actor.ActorRef counts;
    private final TransferLedger[] known = new TransferLedger[ShardKey.COUNT];
    private final TransferLedger[] pending = new TransferLedger[ShardKey.COUNT];
    private Set<Long> others = Set.of();
    private long rows;
    private int firstShard;
    private Bootstrap bootstrap = Bootstrap.TO_COME;
    private int voters;
    private int awaited;
    private boolean complete;
    private Estates announced = Estates.NONE;
    private boolean unannounced;
    private boolean announcing;
    /** Until when all nodes are to be told at once, as nanoTime; empty unless this node leaves. */
    private Optional<Long> hurried = Optional.empty();

    private int unflushed;
    private boolean lost;
    private @Nullable ActorRef<Boolean> flushed;
    private @Nullable ActorRef<Done> told;

    static Behavior<Command> create(ReplicationSettings settings, Inlet inlet) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new LedgerKeeper(context, timers, settings, inlet)));
    }

    private LedgerKeeper(
            ActorContext<Command> context, TimerScheduler<Command> timers, ReplicationSettings settings, Inlet inlet) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.inlet = inlet;
        Arrays.fill(known, TransferLedger.EMPTY);
        Arrays.fill(pending, TransferLedger.EMPTY);
        for (int i = 0; i < settings.replicators(); i++) {
            replicators.add(Adapter.actorOf(context, Replicator.props(settings.replicator()), "replicator-" + i));
        }
        reads = Adapter.toClassic(context.messageAdapter(Replicator.GetResponse.class, Read::new));
        writes = Adapter.toClassic(context.messageAdapter(Replicator.UpdateResponse.class, Written::new));
        counts = Adapter.toClassic(context.messageAdapter(Replicator.ReplicaCount.class, Counted::new));
        var changes = Adapter.toClassic(context.messageAdapter(Replicator.SubscribeResponse.class, Changed::new));
        for (int shard = 0; shard < ShardKey.COUNT; shard++) {
            tell(shard, new Replicator.Subscribe<>(ShardKey.of(shard), changes), changes);
        }
        replicators.get(0).tell(new Replicator.Subscribe<>(EstatesState.KEY, changes), changes);
        timers.startTimerWithFixedDelay(Tick.PUBLISH, settings.publish());
        timers.startTimerWithFixedDelay(Tick.FORGET, settings.forget());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Publish.class, this::onPublish)
                .onMessageEquals(Tick.PUBLISH, this::onPublishTick)
                .onMessage(Changed.class, this::onChanged)
                .onMessage(Written.class, this::onWritten)
                .onMessage(Announce.class, this::onAnnounce)
                .onMessage(Hurry.class, this::onHurry)
                .onMessage(AwaitAll.class, this::onAwaitAll)
                .onMessage(AwaitAnnounced.class, this::onAwaitAnnounced)
                .onMessageEquals(Tick.FORGET, this::onForgetTick)
                .onMessage(Seen.class, this::onSeen)
                .onMessageEquals(Tick.COUNT, this::onCountTick)
                .onMessage(Counted.class, this::onCounted)
                .onMessage(Read.class, this::onRead)
                .onMessageEquals(Tick.GIVE_UP, this::onGiveUp)
                .build();
    }

    private void tell(int shard, Object message, org.apache.pekko.actor.ActorRef from) {
        replicators.get(shard % replicators.size()).tell(message, from);
    }

    private Behavior<Command> onPublish(Publish publish) {
        Map<Integer, List<TransferRow>> byShard = new HashMap<>();
        for (TransferRow row : publish.rows()) {
            byShard.computeIfAbsent(ShardKey.of(row), shard -> new ArrayList<>())
                    .add(row);
        }
        byShard.forEach((shard, some) -> {
            pending[shard] = pending[shard].mergeData(TransferLedger.of(0, some));
            if (hurried.isPresent()) {
                tellAll(shard, pending[shard]);
            }
        });
        return this;
    }

    private Behavior<Command> onPublishTick() {
        announce();
        int[] left = new int[replicators.size()];
        Arrays.fill(left, settings.most());
        int begin = firstShard;
        for (int i = 0; i < ShardKey.COUNT; i++) {
            int shard = (begin + i) % ShardKey.COUNT;
            int replicator = shard % left.length;
            if (pending[shard].size() > 0) {
                if (left[replicator] <= 0) {
                    firstShard = shard;
                    break;
                }
                left[replicator] -= pending[shard].size();
                publish(shard, pending[shard], Replicator.writeLocal(), Optional.empty());
            }
        }
        return this;
    }

    private void publish(
            int shard, TransferLedger change, Replicator.WriteConsistency consistency, Optional<Object> request) {
        pending[shard] = TransferLedger.EMPTY;
        know(shard, known[shard].mergeData(change));
        tell(
                shard,
                new Replicator.Update<>(
                        ShardKey.of(shard),
                        TransferLedger.EMPTY,
                        consistency,
                        request,
                        // What is written to all is not to be told again as a change: many of those together exceed a
                        // frame.
                        request.isPresent()
                                ? ledger -> ledger.mergeData(change)
                                : ledger -> ledger.with(change.rows())),
                writes);
    }

    private void know(int shard, TransferLedger ledger) {
        rows += ledger.size() - known[shard].size();
        known[shard] = ledger;
        inlet.rows(rows);
    }

    private Behavior<Command> onChanged(Changed changed) {
        if (changed.response() instanceof Replicator.Changed<?> change) {
            learn(change.key(), change.dataValue());
        }
        return this;
    }

    private void learn(Object key, Object value) {
        if (key instanceof ShardKey shardKey && value instanceof TransferLedger ledger) {
            int shard = shardKey.shard();
            List<TransferRow> news = ledger.newerThan(known[shard]);
            // In this order: what is the same is kept once, together with the replicator.
            know(shard, ledger.mergeData(known[shard]));
            if (!news.isEmpty()) {
                inlet.merge(news);
            }
        } else if (value instanceof EstatesState state) {
            announced = announced.merge(state.estates());
            inlet.learn(state.estates());
        }
    }

    private Behavior<Command> onAnnounce(Announce announce) {
        Estates all = announced.merge(announce.estates());
        if (!all.equals(announced)) {
            announced = all;
            unannounced = true;
            announce();
        }
        return this;
    }

    /** Again and again, until every node has it. */
    private void announce() {
        if (unannounced && !announcing) {
            announcing = true;
            unannounced = false;
            EstatesState state = new EstatesState(announced);
            replicators
                    .get(0)
                    .tell(
                            new Replicator.Update<>(
                                    EstatesState.KEY,
                                    EstatesState.NONE,
                                    new Replicator.WriteAll(ANNOUNCE_TIME),
                                    known -> known.mergeData(state)),
                            writes);
        }
    }

    private Behavior<Command> onWritten(Written written) {
        if (written.response() instanceof Replicator.ModifyFailure<?> failure) {
            log.atError().setCause(failure.cause()).log("a bug: transfers of tokens are not replicated");
        }
        if (written.response().key().equals(EstatesState.KEY)) {
            announcing = false;
            unannounced |= !(written.response() instanceof Replicator.UpdateSuccess<?>);
            answerAnnounced();
        } else if (written.response().getRequest().isPresent()) {
            lost |= !(written.response() instanceof Replicator.UpdateSuccess<?>);
            unflushed--;
            answerFlush();
        }
        return this;
    }

    /** Also what was published before: whoever inherits counts what this node owns by all that it gave. */
    private Behavior<Command> onHurry(Hurry hurry) {
        hurried = Optional.of(System.nanoTime() + hurry.within().toNanos());
        for (int shard = 0; shard < ShardKey.COUNT; shard++) {
            TransferLedger given = pending[shard].mergeData(TransferLedger.of(
                    0,
                    known[shard].rows().stream()
                            .filter(row -> row.donor() == hurry.donor())
                            .toList()));
            tellAll(shard, given);
        }
        return this;
    }

    private void tellAll(int shard, TransferLedger given) {
        if (given.size() > 0) {
            long left = hurried.orElseThrow() - System.nanoTime();
            unflushed++;
            publish(
                    shard,
                    given,
                    new Replicator.WriteAll(Duration.ofNanos(Math.max(left, LEAST_TIME.toNanos()))),
                    Optional.of(Tick.PUBLISH));
        }
    }

    private Behavior<Command> onAwaitAll(AwaitAll await) {
        flushed = await.replyTo();
        answerFlush();
        return this;
    }

    private void answerFlush() {
        if (flushed != null && unflushed == 0) {
            flushed.tell(!lost);
            flushed = null;
        }
    }

    private Behavior<Command> onAwaitAnnounced(AwaitAnnounced await) {
        told = await.replyTo();
        answerAnnounced();
        return this;
    }

    private void answerAnnounced() {
        if (told != null && !announcing && !unannounced) {
            told.tell(Done.getInstance());
            told = null;
        }
    }

    private Behavior<Command> onForgetTick() {
        long horizon = TransferRow.horizon(inlet.agreedMillis() - SKEW.toMillis());
        for (int shard = 0; shard < ShardKey.COUNT; shard++) {
            if (known[shard].isBehind(horizon)) {
                tell(
                        shard,
                        new Replicator.Update<>(
                                ShardKey.of(shard),
                                TransferLedger.EMPTY,
                                Replicator.writeLocal(),
                                ledger -> ledger.since(horizon)),
                        writes);
            }
        }
        return this;
    }

    /**
     * What somebody who is gone gave and declared of long windows: who inherits it must know all of that when it begins to
     * count, and some of it may be known here only.
     */
    private void tellAllOf(long gone) {
        for (int shard = 0; shard < ShardKey.COUNT; shard++) {
            List<TransferRow> rows = pending[shard].mergeData(known[shard]).rows().stream()
                    .filter(row -> row.donor() == gone && row.isLong())
                    .toList();
            if (!rows.isEmpty()) {
                TransferLedger all = pending[shard].mergeData(TransferLedger.of(0, rows));
                publish(shard, all, new Replicator.WriteAll(TELL_TIME), Optional.empty());
            }
        }
    }

    private Behavior<Command> onSeen(Seen seen) {
        Set<Long> now = seen.members().others().stream().map(Member::id).collect(Collectors.toSet());
        others.stream().filter(member -> !now.contains(member)).forEach(this::tellAllOf);
        others = now;
        voters = (int) seen.members().others().stream()
                .map(Member::status)
                .filter(Status::votes)
                .count();
        if (bootstrap == Bootstrap.TO_COME && seen.members().self().status() == Status.UP) {
            if (voters == 0) {
                endBootstrap();
            } else {
                bootstrap = Bootstrap.COUNTING;
                timers.startSingleTimer(Tick.GIVE_UP, settings.bootstrap());
                onCountTick();
            }
        }
        return this;
    }

    /** A replicator hears of the members by its own way, and asks only those it has heard of. */
    private Behavior<Command> onCountTick() {
        if (bootstrap == Bootstrap.COUNTING) {
            awaited = replicators.size();
            complete = true;
            replicators.forEach(replicator -> replicator.tell(Replicator.getReplicaCount(), counts));
        }
        return this;
    }

    private Behavior<Command> onCounted(Counted counted) {
        complete &= counted.count().n() > voters;
        if (--awaited == 0 && bootstrap == Bootstrap.COUNTING) {
            if (complete) {
                read();
            } else {
                timers.startSingleTimer(Tick.COUNT, COUNT_AGAIN);
            }
        }
        return this;
    }

    private void read() {
        bootstrap = Bootstrap.READING;
        awaited = ShardKey.COUNT + 1;
        replicators
                .get(0)
                .tell(new Replicator.Get<>(EstatesState.KEY, new Replicator.ReadMajority(settings.bootstrap())), reads);
        for (int shard = 0; shard < ShardKey.COUNT; shard++) {
            tell(
                    shard,
                    new Replicator.Get<>(ShardKey.of(shard), new Replicator.ReadMajority(settings.bootstrap())),
                    reads);
        }
    }

    private Behavior<Command> onRead(Read read) {
        if (read.response() instanceof Replicator.GetSuccess<?> success) {
            learn(success.key(), success.dataValue());
        }
        if (--awaited == 0 && bootstrap == Bootstrap.READING) {
            endBootstrap();
        }
        return this;
    }

    private Behavior<Command> onGiveUp() {
        if (bootstrap != Bootstrap.OVER) {
            log.atWarn()
                    .addKeyValue("parts_missing", bootstrap == Bootstrap.READING ? awaited : ShardKey.COUNT + 1)
                    .log("not all transfers of tokens could be read from the other nodes: they come by and by");
            endBootstrap();
        }
        return this;
    }

    private void endBootstrap() {
        bootstrap = Bootstrap.OVER;
        timers.cancel(Tick.GIVE_UP);
        inlet.bootstrapped();
    }
}
