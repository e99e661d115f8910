package io.sluice.state.limit.crdt;

import io.sluice.state.limit.ClusterLimiters;
import io.sluice.state.limit.ClusterLimiters.Lane;
import io.sluice.state.limit.Contact;
import io.sluice.state.limit.Era;
import io.sluice.state.limit.Estates;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.KeyView;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Limiters;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.PeerPolicy;
import io.sluice.state.limit.PoolMessage;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.Roster;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.limit.disk.Durability;
import io.sluice.state.limit.disk.SpendingStore;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Member.Status;
import io.sluice.state.membership.Members;
import io.sluice.state.membership.Membership;
import io.sluice.state.wire.WireCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * The limiters of a node and all that connects them to those of other nodes. It lives as long as the node: the cluster's actor system
 * may end and come again with another identity, keys and lanes stay. Until the node is in the cluster, rules that reach over nodes
 * admit nothing. Any thread.
 *
 * <p>In a cluster: make it, start the {@link ClusterNode} with {@link #codecs} and {@link #spawn}, then {@link #follow} that node.
 */
public final class ClusterLimits implements Limiters, AutoCloseable {

    private static final int MOST_LANES = 4;

    /** So long nobody has said who owns what; and so long all have to hear it. */
    private static final long IGNORANT_MILLIS = 10_000;

    private final KeyBudget budget;
    private final Past past;
    private final Contact contact;
    private final LaneBytes bytes = new LaneBytes();
    private final List<LaneLoop> loops = new ArrayList<>();
    private final ClusterLimiters limiters;
    private final CompletableFuture<Done> ready = new CompletableFuture<>();
    private final Object changes = new Object();
    private volatile Membership membership;
    private final LongAdder heard = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    /** Under {@link #changes}: whether this node is about to begin a cluster. */
    private boolean founding;
    /** Done when it has begun it, or need not. */
    private volatile CompletionStage<Done> founded = CompletableFuture.completedFuture(Done.getInstance());
    /** Nothing before there is a node to follow. */
    private volatile @Nullable Members seen;

    private volatile @Nullable LimitsRun run;
    private volatile long ledgerRows;
    private volatile boolean leaving;
    /** Of the first lane's thread, as what follows. */
    private long ignorantSince;

    private final PolicyNotice notice;

    private ClusterLimits(KeyBudget budget, Past past, Contact contact, Roster roster, Membership membership) {
        this.budget = budget;
        this.past = past;
        this.contact = contact;
        this.membership = membership;
        this.notice = new PolicyNotice(contact.allows(PeerPolicy.CLOSED, agreedMillis()));
        int lanes = Math.max(1, Math.min(MOST_LANES, Runtime.getRuntime().availableProcessors() / 2));
        for (int i = 0; i < lanes; i++) {
            loops.add(new LaneLoop(i, new Outlet(i == 0)));
        }
        this.limiters = new ClusterLimiters(budget, this::agreedMillis, contact, loops, roster, Estates.NONE);
        for (int i = 0; i < lanes; i++) {
            loops.get(i).start(limiters.lanes().get(i));
        }
    }

    /**
     * Those of a node by itself, which is a cluster of one: ready when it knows what was spent before.
     *
     * @param store where it is kept, to be closed with the limits; empty for memory only
     */
    public static ClusterLimits alone(KeyBudget budget, Optional<SpendingStore> store) {
        Membership membership = Membership.alone();
        long self = membership.members().self().id();
        Past past = new Past(store);
        ClusterLimits limits = new ClusterLimits(budget, past, Contact.always(), Roster.alone(self), membership);
        past.cluster(UUID.randomUUID().getMostSignificantBits()); // its id is always the same
        limits.found(self).thenCompose(done -> LaneLoop.caughtUp(limits.loops)).thenAccept(limits.ready::complete);
        return limits;
    }

    /**
     * Those of a node that is going to be in a cluster of several.
     *
     * @param store as for {@link #alone}; read only if this node begins the cluster
     */
    public static ClusterLimits clustered(KeyBudget budget, Optional<SpendingStore> store) {
        Roster nobody = new Roster(0, new long[0], Set.of());
        ClusterLimits limits = new ClusterLimits(budget, new Past(store), new Contact(), nobody, Membership.alone());
        return limits;
    }

    /** What nodes say to each other about limits. */
    public List<WireCodec<?>> codecs() {
        return LimitCodecs.of(bytes);
    }

    /** Starts what runs in the cluster's actor system; a part of {@link ClusterNode#start}. */
    public void spawn(ActorSystem<?> system) {
        LimitsRun next = LimitsRun.start(system, this::receive, new Inlet());
        synchronized (changes) {
            run = next;
            Members known = seen;
            if (known != null) {
                next.members(known);
            }
        }
        system.getWhenTerminated().thenRun(() -> {
            synchronized (changes) {
                if (run == next) {
                    run = null;
                }
            }
        });
    }

    /** Takes part in the cluster that a node is in, and hands over before it leaves. To be called once. */
    public void follow(ClusterNode node) {
        follow((Membership) node);
        node.beforeLeave(this::handOver);
    }

    /** The same for a membership that is not a node's own. */
    void follow(Membership other) {
        membership = other;
        other.onContact(new Membership.ContactListener() {
            @Override
            public void confirmed(long askedAt) {
                contact.confirmed(agreedMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - askedAt) - 1);
            }

            @Override
            public void lost() {
                contact.lost();
            }
        });
        other.subscribe(this::changed);
    }

    private void changed(Members members) {
        synchronized (changes) {
            seen = members;
            Roster roster = roster(members);
            if (!founding && founds(members)) {
                founding = true;
                founded = found(roster.self());
            }
            LimitsRun current = run;
            if (current != null) {
                current.members(members);
            }
            loops.forEach(loop -> loop.run(() -> loop.roster(roster)));
        }
    }

    /** Pekko lets the first node of a cluster be up before any other joins. */
    private boolean founds(Members members) {
        return members.self().status() == Status.UP
                && members.others().isEmpty()
                && limiters.estates().eras().isEmpty();
    }

    /** Begins a cluster: from then on this node owns everything but what was spent before. */
    private CompletionStage<Done> found(long self) {
        return past.rows(self, agreedMillis()).thenApply(rows -> {
            limiters.remember(rows);
            past.note(rows);
            LimitsRun current = run;
            if (current != null && !rows.isEmpty()) {
                current.replicate(rows);
            }
            announce(Estates.founded(self));
            return Done.getInstance();
        });
    }

    private void announce(Estates estates) {
        limiters.learn(estates);
        past.cluster(limiters.estates());
        LimitsRun current = run;
        if (current != null) {
            current.announce(limiters.estates());
        }
    }

    /** Once a second: shares keys out afresh when members have come or gone, and says so when this node is cut off. */
    private void keep() {
        Members members = seen;
        if (run != null && members != null && members.self().status() == Status.UP && ready.isDone()) {
            limiters.keepEras(roster(members)).or(() -> firstEra(members)).ifPresent(this::announce);
        }
        if (!leaving) {
            boolean all = members == null || roster(members).unreachable().isEmpty();
            notice.note(contact, all, agreedMillis());
        }
    }

    /**
     * If nobody knows who owns what, although the node that began the cluster should have said so, one node shares out: whoever owns
     * nothing has nothing to lose, and it begins late enough for all to have heard of it.
     */
    private Optional<Estates> firstEra(Members members) {
        Roster roster = roster(members);
        boolean first = roster.members()[0] == roster.self();
        if (!first || !limiters.estates().eras().isEmpty()) {
            ignorantSince = 0;
            return Optional.empty();
        }
        long now = agreedMillis();
        if (ignorantSince == 0) {
            ignorantSince = now;
        }
        if (now - ignorantSince < IGNORANT_MILLIS) {
            return Optional.empty();
        }
        long start = (now + IGNORANT_MILLIS) / 1_000 * 1_000 + 1_000;
        return Optional.of(Estates.of(List.of(new Era(0, start, roster.members())), List.of()));
    }

    /** This node counts only when the others have seen it join: before, they have not made room for it. */
    static Roster roster(Members members) {
        Member self = members.self();
        boolean counts =
                self.status() == Status.UP || self.status() == Status.LEAVING || self.status() == Status.EXITING;
        return new Roster(
                self.id(),
                members.all().stream()
                        .mapToLong(Member::id)
                        .filter(id -> id != self.id() || counts)
                        .toArray(),
                members.others().stream()
                        .filter(member -> !member.reachable())
                        .map(Member::id)
                        .collect(Collectors.toSet()));
    }

    private long agreedMillis() {
        return membership.agreedMillis();
    }

    private void receive(Batch batch) {
        LimitsRun current = run;
        if (current == null || !current.isPeer(batch.sender())) {
            dropped.add(batch.messages().size());
            return;
        }
        heard.add(batch.messages().size());
        List<List<PoolMessage>> byLane = new ArrayList<>();
        loops.forEach(loop -> byLane.add(new ArrayList<>()));
        for (PoolMessage message : batch.messages()) {
            byLane.get(limiters.laneOf(message.hash())).add(message);
        }
        for (int i = 0; i < loops.size(); i++) {
            List<PoolMessage> mine = byLane.get(i);
            if (!mine.isEmpty()) {
                Lane lane = limiters.lanes().get(i);
                loops.get(i).run(() -> {
                    lane.heard(batch.sender());
                    mine.forEach(lane::receive);
                });
            }
        }
    }

    /** What the lanes say, to whatever run there is. */
    private final class Outlet implements LaneLoop.Outlet {
        private final boolean keeps;

        Outlet(boolean keeps) {
            this.keeps = keeps;
        }

        @Override
        public void second() {
            if (keeps) {
                keep();
            }
        }

        @Override
        public void send(long member, Batch batch) {
            LimitsRun current = run;
            if (current != null) {
                current.send(member, batch);
            }
        }

        @Override
        public void replicate(List<TransferRow> rows) {
            past.note(rows);
            LimitsRun current = run;
            if (current != null) {
                current.replicate(rows);
            }
        }
    }

    private final class Inlet implements LedgerKeeper.Inlet {

        @Override
        public void merge(List<TransferRow> rows) {
            past.note(rows);
            for (int i = 0; i < loops.size(); i++) {
                Lane lane = limiters.lanes().get(i);
                loops.get(i).run(() -> lane.merge(rows));
            }
        }

        @Override
        public void learn(Estates estates) {
            limiters.learn(estates);
            past.cluster(limiters.estates());
        }

        @Override
        public void rows(long count) {
            ledgerRows = count;
        }

        @Override
        public void bootstrapped() {
            founded.thenAccept(done -> {
                // What this node has brought along from an earlier run must be what all know, too.
                announce(Estates.NONE);
                ready.complete(done);
            });
        }

        @Override
        public long agreedMillis() {
            return ClusterLimits.this.agreedMillis();
        }
    }

    @Override
    public RateLimiter open(LimitRule rule, Limits limits) {
        return limiters.open(rule, limits);
    }

    /** Done when this node is in its cluster and knows what the others know of transfers, or could not read it in time. */
    public CompletionStage<Done> ready() {
        return ready.minimalCompletionStage();
    }

    /** Looks at some keys and forgets those not in use; to be called some times a second, by one thread at a time. */
    public void sweep(int most) {
        limiters.sweep(most);
    }

    /** Gives all tokens to another node and waits until all know; at most two seconds. */
    CompletionStage<Done> handOver() {
        leaving = true;
        Members members = seen;
        LimitsRun current = run;
        return members == null || current == null
                ? CompletableFuture.completedFuture(Done.getInstance())
                : new HandOver(limiters, loops, current).begin(members);
    }

    /** What this node knows of a key; empty if no rule that reaches over nodes has this id. */
    public Optional<KeyView> view(UUID rule, String key) {
        return limiters.view(rule, key);
    }

    /** Who owns what, as this node knows it. */
    Estates estates() {
        return limiters.estates();
    }

    /** What has been done since the start. */
    public LimitCounts counts() {
        return new LimitCounts(
                limiters.counters(),
                budget,
                heard.sum(),
                dropped.sum(),
                membership.unreadable(),
                membership.refused(),
                ledgerRows,
                bytes.sent.sum(),
                bytes.received.sum(),
                bytes.replicating.sum(),
                bytes.replicated.sum(),
                durability());
    }

    /** Whether what is spent of long limits outlives the cluster. */
    public Durability durability() {
        return past.durability();
    }

    /** Ends the lanes' threads, and the store's. */
    @Override
    public void close() {
        loops.forEach(LaneLoop::close);
        loops.forEach(LaneLoop::awaitEnd); // what they have spent last is noted by then
        past.close();
    }
}
