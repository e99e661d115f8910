package io.sluice.state.health;

import io.sluice.state.health.HealthReport.GuardView;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Member.Status;
import io.sluice.state.membership.Members;
import io.sluice.state.membership.Membership;
import io.sluice.state.wire.WireCodec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The health of targets on a node, and all that connects it to that of other nodes. Its keeper lives in the node's own actor system,
 * so what is known outlives the runs of the cluster's one.
 *
 * <p>In a cluster: make it, start the {@link ClusterNode} with {@link #codecs} and {@link #spawn}, then {@link #follow} that node.
 * Until then, and while it is out of contact, the node goes by what it sees itself.
 */
public final class ClusterHealth implements SharedHealth {

    private static final String KEEPER = "sluice-health-keeper";

    /** A little more than the keeper waits for other nodes. */
    private static final long ANSWER_SECONDS = 5;

    private final HealthTable table = new HealthTable(this::look);
    private final ActorRef<HealthKeeper.Command> keeper;
    private final List<Consumer<HealthChange>> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder dropped = new LongAdder();
    private final Object changes = new Object();
    private volatile Supplier<List<GuardView>> guards = List::of;
    private volatile @Nullable Membership membership;
    private volatile @Nullable HealthRun run;
    /** Under {@link #changes}; nothing before there is a node to follow. */
    private @Nullable Members seen;

    private final Membership unjoined = Membership.alone();

    private ClusterHealth(Prober prober, ActorSystem<?> system, Members first, @Nullable Membership membership) {
        this.membership = membership;
        // It goes on with the verdicts and the counters that it has: a restart would forget all of them.
        keeper = system.systemActorOf(
                Behaviors.supervise(HealthKeeper.create(
                                table,
                                prober,
                                RandomGenerator.getDefault(),
                                first,
                                this::agreedMillis,
                                this::inContact,
                                new Outlet()))
                        .onFailure(SupervisorStrategy.resume()),
                KEEPER,
                Props.empty());
    }

    /**
     * That of a node by itself, which decides everything at once and alone, as Kong does.
     *
     * @param system the node's own
     */
    public static ClusterHealth alone(Prober prober, ActorSystem<?> system) {
        Membership alone = Membership.alone();
        return new ClusterHealth(prober, system, alone.members(), alone);
    }

    /**
     * That of a node that is going to be in a cluster of several.
     *
     * @param system the node's own, not that of the cluster
     */
    public static ClusterHealth clustered(Prober prober, ActorSystem<?> system) {
        Members nobody = new Members(0, new Member(0, "", Status.OUT, true), List.of(), false);
        return new ClusterHealth(prober, system, nobody, null);
    }

    /** What nodes say to each other about health. */
    public static List<WireCodec<?>> codecs() {
        return HealthCodecs.all();
    }

    /** Starts what runs in the cluster's actor system; a part of {@link ClusterNode#start}. */
    public void spawn(ActorSystem<?> system) {
        HealthRun next =
                HealthRun.start(system, this::receive, verdicts -> keeper.tell(new HealthKeeper.Learned(verdicts)));
        synchronized (changes) {
            run = next;
            if (seen != null) {
                next.members(seen);
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

    /** Takes part in the cluster that a node is in. To be called once. */
    public void follow(Membership node) {
        membership = node;
        node.subscribe(this::changed);
    }

    /** What else this node has to tell in reports; asked on any thread, must not block. */
    public void guards(Supplier<List<GuardView>> views) {
        guards = views;
    }

    private void changed(Members members) {
        synchronized (changes) {
            seen = members;
            HealthRun current = run;
            if (current != null) {
                current.members(members);
            }
        }
        keeper.tell(new HealthKeeper.Seen(members));
    }

    private long agreedMillis() {
        Membership followed = membership;
        return (followed == null ? unjoined : followed).agreedMillis();
    }

    private boolean inContact() {
        Membership followed = membership;
        return followed != null && followed.inContact();
    }

    private void receive(HealthMessage message) {
        HealthRun current = run;
        if (current != null && current.isPeer(message.sender())) {
            keeper.tell(new HealthKeeper.Received(message));
        } else {
            dropped.increment();
        }
    }

    private void look(TargetCell cell) {
        keeper.tell(new HealthKeeper.Look(cell));
    }

    @Override
    public TargetHealth of(TargetAddress address) {
        return table.cell(address);
    }

    @Override
    public void watch(WatchedUpstream upstream) {
        if (table.watch(upstream)) {
            keeper.tell(new HealthKeeper.Watch(upstream));
        }
    }

    @Override
    public void forget(String upstream) {
        if (table.forget(upstream)) {
            keeper.tell(new HealthKeeper.Forget(upstream));
        }
    }

    @Override
    public CompletionStage<Boolean> mark(String upstream, String target, Optional<String> endpoint, boolean healthy) {
        List<TargetAddress> addresses =
                table.upstream(upstream).map(WatchedUpstream::addresses).orElse(List.of()).stream()
                        .filter(address -> address.target().equals(target))
                        .filter(address ->
                                endpoint.map(address.endpoint()::equals).orElse(true))
                        .toList();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        keeper.tell(new HealthKeeper.Mark(addresses, healthy, done));
        return done.orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public Runnable subscribe(Consumer<HealthChange> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public CompletionStage<HealthReport> report() {
        CompletableFuture<HealthReport> done = new CompletableFuture<>();
        keeper.tell(new HealthKeeper.Report(done));
        return done.orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    /** What holds for all, as this node knows it. */
    Optional<Verdict> verdict(TargetAddress address) {
        return table.verdict(address);
    }

    /** Messages from nodes that are no members, since the start. */
    public long dropped() {
        return dropped.sum();
    }

    /** To whatever run there is. */
    private final class Outlet implements HealthKeeper.Outlet {

        @Override
        public void send(long member, HealthMessage message) {
            HealthRun current = run;
            if (current != null) {
                current.send(member, message);
            }
        }

        @Override
        public void replicate(List<Verdict> verdicts) {
            HealthRun current = run;
            if (current != null) {
                current.replicate(verdicts);
            }
        }

        @Override
        public void forget(long horizon) {
            HealthRun current = run;
            if (current != null) {
                current.forget(horizon);
            }
        }

        @Override
        public List<GuardView> guards() {
            return guards.get();
        }

        @Override
        public long contactUntil() {
            Membership followed = membership;
            return followed == null ? 0 : followed.contactUntil();
        }

        @Override
        public void changed(HealthChange change) {
            listeners.forEach(listener -> listener.accept(change));
        }
    }
}
