package io.sluice.state.membership;

import io.sluice.state.membership.Member.Status;
import io.sluice.state.wire.NodeId;
import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireCodecs;
import io.sluice.state.wire.WireFaults;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's place in a cluster of several.
 *
 * <p>The cluster runs in an actor system of its own, beside the one that moves bytes: a node that the others removed (it was cut off, or
 * stood still for too long) cannot go on with the identity it had, so its actor system ends and another one is started, again and again
 * until it is let in. The proxy does not notice. Any thread.
 */
public final class ClusterNode implements Membership {

    /** Name of the actor system; a part of every peer's address. */
    static final String SYSTEM = "sluice-cluster";

    private static final Logger log = LoggerFactory.getLogger(ClusterNode.class);

    private final ClusterNodeSettings settings;
    private final WireCodecs codecs;
    private final WireFaults faults = new WireFaults(this::nameOf);
    private final List<Consumer<ActorSystem<?>>> parts;
    private final LongSupplier wallMillis;
    private final AgreedClock clock;
    private final List<Consumer<Members>> listeners = new CopyOnWriteArrayList<>();
    private final List<ContactListener> contacts = new CopyOnWriteArrayList<>();
    private final List<Supplier<CompletionStage<Done>>> handovers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private final Object runs = new Object();
    private @Nullable ClusterRun run;
    private boolean stopping;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile List<String> knownMembers = List.of();
    private volatile Members members;
    private volatile long contactUntil = System.nanoTime();

    /** Tokens have been counted by the agreed time: it must not go back any more. */
    private volatile boolean countsByClock;

    private ClusterNode(
            ClusterNodeSettings settings,
            List<WireCodec<?>> codecs,
            List<Consumer<ActorSystem<?>>> parts,
            LongSupplier wallMillis) {
        this.settings = settings;
        this.wallMillis = wallMillis;
        this.clock = new AgreedClock(System.nanoTime(), wallMillis.getAsLong());
        this.codecs = WireCodecs.of(PeerMessage.codecs(), codecs);
        this.parts = List.copyOf(parts);
        this.members = new Members(0, new Member(0, settings.address(), Status.OUT, true), List.of(), false);
    }

    /**
     * Starts the cluster's part of a node; its ports are open when this returns, joining goes on by itself.
     *
     * @param codecs of the messages that the parts send
     * @param parts started in each new actor system before it joins: they spawn what belongs to this run of the node there, by
     *     {@link ActorSystem#systemActorOf}, and it ends with the run
     * @throws ClusterStartFailure if a port is taken; nothing runs then
     */
    public static ClusterNode start(
            ClusterNodeSettings settings, List<WireCodec<?>> codecs, List<Consumer<ActorSystem<?>>> parts)
            throws ClusterStartFailure {
        return start(settings, codecs, parts, System::currentTimeMillis);
    }

    /** The same with a clock of its own, milliseconds since 1970. */
    static ClusterNode start(
            ClusterNodeSettings settings,
            List<WireCodec<?>> codecs,
            List<Consumer<ActorSystem<?>>> parts,
            LongSupplier wallMillis)
            throws ClusterStartFailure {
        ClusterNode node = new ClusterNode(settings, codecs, parts, wallMillis);
        synchronized (node.runs) {
            node.begin(false);
        }
        return node;
    }

    /** Codecs of what the membership itself sends. */
    public static List<WireCodec<?>> codecs() {
        return PeerMessage.codecs();
    }

    /** Starts a run and follows it to its end. Holds {@code runs}. */
    private void begin(boolean again) throws ClusterStartFailure {
        ClusterRun next = ClusterRun.start(settings, again, codecs, faults, system -> {
            system.systemActorOf(
                    MembersKeeper.create(SystemConfig.pace(settings), wallMillis, new Publisher()),
                    MembersKeeper.NAME,
                    Props.empty());
            system.systemActorOf(ConnectionWatch.create(faults), ConnectionWatch.NAME, Props.empty());
            parts.forEach(part -> part.accept(system));
        });
        run = next;
        next.join(settings.peers(), settings.contacts(knownMembers));
        next.whenEnded(SystemConfig.endTime(settings)).thenRun(this::runEnded);
    }

    private void runEnded() {
        lost();
        publish(epoch -> {
            Members last = members;
            return new Members(epoch, last.self().with(Status.OUT), last.others(), false);
        });
        synchronized (runs) {
            run = null;
            if (stopping) {
                ended.complete(Done.getInstance());
                return;
            }
            log.atWarn()
                    .addKeyValue("node", NodeId.show(members.self().id()))
                    .log("this node is out of the cluster: it joins again, and serves on what it knows until then");
            beginLater();
        }
    }

    private void beginLater() {
        long delay =
                SystemConfig.rejoinDelay(settings, failures.getAndIncrement()).toMillis();
        Executor later = CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS);
        later.execute(() -> {
            synchronized (runs) {
                if (stopping) {
                    return;
                }
                try {
                    begin(true);
                } catch (ClusterStartFailure | RuntimeException e) {
                    log.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("the cluster's part of this node does not start: it is tried again");
                    beginLater();
                }
            }
        });
    }

    /**
     * Work to be done before this node leaves, such as handing over what it owns.
     *
     * @param handover asked once, when the node stops; what it returns is waited for, bounded by {@code sluice.cluster.handover-time}
     */
    public void beforeLeave(Supplier<CompletionStage<Done>> handover) {
        handovers.add(handover);
    }

    /** Hands over, leaves the cluster, ends the actor system. Done when all has ended; asking twice is harmless. */
    public CompletionStage<Done> stop() {
        synchronized (runs) {
            if (stopping) {
                return ended;
            }
            stopping = true;
        }
        return handOver().thenRun(this::leave).thenCompose(left -> ended);
    }

    private void leave() {
        synchronized (runs) {
            if (run == null) {
                ended.complete(Done.getInstance());
            } else {
                run.leave();
                // Also if the others cannot be asked, or the run does not end as it should.
                ended.completeOnTimeout(
                        Done.getInstance(), SystemConfig.leaveTime(settings).toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private CompletableFuture<Void> handOver() {
        CompletableFuture<?>[] begun = handovers.stream()
                .map(handover -> CompletableFuture.completedFuture(Done.getInstance())
                        .thenCompose(done -> handover.get())
                        .exceptionally(failure -> {
                            log.atWarn()
                                    .addKeyValue("reason", failure.getMessage())
                                    .log("not all was handed over");
                            return Done.getInstance();
                        }))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(begun)
                .completeOnTimeout(null, SystemConfig.handoverTime(settings).toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Members members() {
        return members;
    }

    @Override
    public Runnable subscribe(Consumer<Members> listener) {
        synchronized (listeners) {
            listeners.add(listener);
            listener.accept(members);
        }
        return () -> listeners.remove(listener);
    }

    @Override
    public long contactUntil() {
        return contactUntil;
    }

    @Override
    public Runnable onContact(ContactListener listener) {
        contacts.add(listener);
        return () -> contacts.remove(listener);
    }

    private void lost() {
        contactUntil = System.nanoTime();
        contacts.forEach(ContactListener::lost);
    }

    @Override
    public long agreedMillis() {
        return clock.millis(System.nanoTime());
    }

    @Override
    public long refused() {
        return faults.refused();
    }

    @Override
    public long unreadable() {
        return faults.total();
    }

    /** What came from peers and could not be read. */
    public WireFaults faults() {
        return faults;
    }

    /** The actor of that name below {@code /system} on another node. */
    public static <T> ActorRef<T> peer(ActorSystem<?> system, String address, String name) {
        return ActorRefResolver.get(system).resolveActorRef("pekko://" + SYSTEM + "@" + address + "/system/" + name);
    }

    private String nameOf(long id) {
        return members.byId(id).map(Member::address).orElse("node " + NodeId.show(id));
    }

    private void publish(LongFunction<Members> next) {
        synchronized (listeners) {
            members = next.apply(members.epoch() + 1);
            listeners.forEach(listener -> listener.accept(members));
        }
    }

    /** Takes the keeper's findings to the outside. */
    private final class Publisher implements MembersKeeper.Outlet {

        @Override
        public void publish(MemberView view, boolean inContact) {
            ClusterNode.this.publish(epoch -> view.snapshot(epoch, inContact));
            if (members.self().status() == Status.UP) {
                failures.set(0);
                knownMembers = view.addresses();
            }
        }

        @Override
        public void contact(long askedAt, long until) {
            countsByClock = true;
            contactUntil = until;
            contacts.forEach(listener -> listener.confirmed(askedAt));
        }

        @Override
        public void noContact() {
            lost();
        }

        @Override
        public void agree(long nano, long millis) {
            if (countsByClock) {
                clock.aim(nano, millis);
            } else {
                clock.set(nano, millis);
            }
        }
    }
}
