package io.sluice.state.membership;

import io.sluice.state.membership.Member.Status;
import io.sluice.state.membership.PeerMessage.Hello;
import io.sluice.state.membership.PeerMessage.Ping;
import io.sluice.state.membership.PeerMessage.Pong;
import io.sluice.state.membership.Peers.Seeds;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the view of the cluster during one run of the cluster's actor system, and asks the other members over and over whether they
 * still take this node for one. A member answers unless it sees the asker as unreachable or down: so whoever hears of a majority knows
 * that no majority was about to remove it when it asked.
 */
final class MembersKeeper extends AbstractBehavior<MembersKeeper.Command> {

    /** Under which name, below {@code /system}, the members find each other's. */
    static final String NAME = "sluice-members";

    private static final Logger log = LoggerFactory.getLogger(MembersKeeper.class);

    /** What it is told. */
    sealed interface Command permits Changed, Tick, Listed, PeerMessage {}

    /** These run now, members of this cluster or not; none if nobody could say. */
    private record Listed(List<String> addresses) implements Command {}

    /** Something happened in Pekko's cluster. */
    record Changed(ClusterDomainEvent event) implements Command {}

    /** Moments to speak. */
    enum Tick implements Command {
        PING,
        HELLO
    }

    /** Where its findings go. */
    interface Outlet {

        void publish(MemberView view, boolean inContact);

        void contact(long askedAt, long until);

        void noContact();

        /** At that moment, on the scale of {@link System#nanoTime()}, the members agree on that time. */
        void agree(long nano, long millis);
    }

    /**
     * How often and how long.
     *
     * @param firstPings until the time is known
     * @param peers by which those are found that should be in this cluster
     */
    record Pace(Duration firstPings, Duration ping, Duration contact, Duration hello, Peers peers) {}

    private final TimerScheduler<Command> timers;
    private final Pace pace;
    private final Outlet outlet;
    private final MemberView view;
    private final PingRounds rounds = new PingRounds();
    private final LongSupplier wallMillis;
    private final SteadyClock clock;
    private final ClockOffsets offsets = new ClockOffsets();
    private final Set<Long> strangers = new HashSet<>();
    private Members members;
    private long contactUntil = System.nanoTime();
    private boolean inContact;
    /** Whether it has heard all clocks that can be heard. Before, this node must not act as a member. */
    private boolean knowsTime;

    private boolean listed;

    static Behavior<Command> create(Pace pace, LongSupplier wallMillis, Outlet outlet) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new MembersKeeper(context, timers, pace, wallMillis, outlet)));
    }

    private MembersKeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Pace pace,
            LongSupplier wallMillis,
            Outlet outlet) {
        super(context);
        this.pace = pace;
        this.outlet = outlet;
        this.wallMillis = wallMillis;
        this.clock = new SteadyClock(System.nanoTime(), wallMillis.getAsLong());
        Cluster cluster = Cluster.get(context.getSystem());
        this.view = new MemberView(cluster.selfMember().uniqueAddress());
        this.members = view.snapshot(0, false);
        cluster.subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(ClusterDomainEvent.class, Changed::new), ClusterDomainEvent.class));
        this.timers = timers;
        timers.startTimerWithFixedDelay(Tick.PING, Duration.ZERO, pace.firstPings());
        timers.startTimerWithFixedDelay(Tick.HELLO, pace.hello());
        outlet.publish(view, false);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Changed.class, this::onChanged)
                .onMessageEquals(Tick.PING, this::onPingTick)
                .onMessageEquals(Tick.HELLO, this::onHelloTick)
                .onMessage(Listed.class, this::onListed)
                .onMessage(Ping.class, this::onPing)
                .onMessage(Pong.class, this::onPong)
                .onMessage(Hello.class, this::onHello)
                .build();
    }

    private Behavior<Command> onChanged(Changed changed) {
        Optional<String> change = view.apply(changed.event());
        if (change.isPresent()) {
            listed = false;
            members = view.snapshot(0, inContact);
            offsets.keepOnly(members.others().stream().map(Member::id).collect(Collectors.toSet()));
            log.atInfo()
                    .addKeyValue("change", change.get())
                    .addKeyValue("members", view.show())
                    .log("the cluster changed");
            if (!members.self().status().votes()) {
                // Who leaves or is down may be removed at any time from now on.
                contactUntil = System.nanoTime();
                outlet.noContact();
            }
            if (!renewContact()) {
                outlet.publish(view, inContact);
            }
        }
        return this;
    }

    private Behavior<Command> onPingTick() {
        boolean agreed = agree();
        long now = System.nanoTime();
        rounds.begin(now);
        Ping ping = new Ping(members.self().id(), now);
        members.others().forEach(member -> tell(member.address(), ping));
        if (agreed && !knowsTime && members.others().stream().allMatch(this::isHeard)) {
            knowsTime = true;
            timers.startTimerWithFixedDelay(Tick.PING, pace.ping());
        }
        boolean led = view.settle();
        members = led ? view.snapshot(0, inContact) : members;
        if (!renewContact() && led) {
            outlet.publish(view, inContact);
        }
        return this;
    }

    private boolean isHeard(Member other) {
        return !other.reachable() || offsets.knows(other.id());
    }

    /** Looks at the clocks; whether those of a majority are known, without which nothing is agreed on. */
    private boolean agree() {
        long wall = wallMillis.getAsLong();
        long now = System.nanoTime();
        offsets.stepped(clock.follow(now, wall));
        boolean known = members.isMajority(offsets::knows);
        if (known) {
            outlet.agree(now, clock.millis(now) + offsets.median());
        }
        if (clock.slept()) {
            // Whatever was confirmed before counts from then, and then may be long ago.
            rounds.clear();
            contactUntil = now;
            outlet.noContact();
        }
        return known;
    }

    private Behavior<Command> onPing(Ping ping) {
        members.byId(ping.sender())
                .filter(member -> member.reachable() && member.status() != Status.DOWN)
                .filter(member -> members.self().status() != Status.OUT)
                .ifPresent(member -> tell(
                        member.address(),
                        new Pong(members.self().id(), ping.sentAt(), clock.millis(System.nanoTime()))));
        return this;
    }

    private Behavior<Command> onPong(Pong pong) {
        if (members.byId(pong.sender()).isPresent() && rounds.hear(pong.sender(), pong.sentAt())) {
            long now = System.nanoTime();
            long roundTrip = now - pong.sentAt();
            long middle = clock.millis(now - roundTrip / 2);
            offsets.measure(pong.sender(), pong.wallMillis() - middle, roundTrip);
            renewContact();
        }
        return this;
    }

    /** Finds out until when this node is in contact; says whether that changed what is published. */
    private boolean renewContact() {
        rounds.latest(members).ifPresent(sentAt -> {
            long until = sentAt + pace.contact().toNanos();
            if (knowsTime && until - contactUntil > 0) {
                contactUntil = until;
                outlet.contact(sentAt, until);
            }
        });
        boolean now = contactUntil - System.nanoTime() > 0;
        if (now == inContact) {
            return false;
        }
        inContact = now;
        members = view.snapshot(0, now);
        if (!now && members.self().status().votes()) {
            log.atWarn().addKeyValue("members", view.show()).log("this node is cut off from a majority of the cluster");
        }
        outlet.publish(view, now);
        return true;
    }

    /** Pekko never joins two clusters that exist: somebody has to be told that there are two. */
    private Behavior<Command> onHelloTick() {
        if (members.self().status() == Status.UP) {
            if (pace.peers() instanceof Seeds seeds) {
                greet(seeds.addresses());
            } else if (!listed) {
                // Of two clusters one was there when the other one's first node came up: looking after a change is
                // enough.
                getContext().pipeToSelf(list(), (found, failure) -> new Listed(failure == null ? found : List.of()));
            }
        }
        return this;
    }

    /** Those that Pekko's service discovery knows now. */
    private CompletionStage<List<String>> list() {
        ActorSystem system = Adapter.toClassic(getContext().getSystem());
        ClusterBootstrap bootstrap = ClusterBootstrap.get(system);
        String name = bootstrap.settings().getContactPointDiscoveryEffectiveName(system);
        Duration patience = bootstrap.settings().getContactPointDiscoveryResolveTimeout();
        String port =
                members.self().address().substring(members.self().address().lastIndexOf(':'));
        return bootstrap
                .discovery()
                .lookup(Lookup.create(name), patience)
                .thenApply(found -> found.getAddresses().stream()
                        .map(target -> bracketed(target.host()) + port)
                        .toList());
    }

    /** As addresses of members have it. */
    private static String bracketed(String host) {
        return host.indexOf(':') < 0 || host.startsWith("[") ? host : "[" + host + "]";
    }

    private Behavior<Command> onListed(Listed found) {
        listed = !found.addresses().isEmpty();
        greet(found.addresses());
        return this;
    }

    private void greet(List<String> addresses) {
        addresses.stream().filter(address -> !view.hasAddress(address)).forEach(address -> tell(address, hello(false)));
    }

    private Behavior<Command> onHello(Hello hello) {
        boolean apart = members.self().status() == Status.UP
                && !view.hasAddress(hello.address())
                && !hello.members().contains(members.self().address());
        if (apart) {
            if (strangers.size() < 64 && strangers.add(hello.sender())) {
                log.atWarn()
                        .addKeyValue("ours", view.addresses())
                        .addKeyValue("peer", hello.address())
                        .addKeyValue("theirs", hello.members())
                        .log(
                                "a node that should be in this cluster is in another one; two clusters are not joined into one"
                                        + " (expected: stop the nodes of one side and start them again, they then join the other)");
            }
            if (!hello.answer()) {
                tell(hello.address(), hello(true));
            }
        }
        return this;
    }

    private Hello hello(boolean answer) {
        return new Hello(members.self().id(), members.self().address(), view.addresses(), answer);
    }

    private void tell(String address, PeerMessage message) {
        ActorRef<PeerMessage> peer = ClusterNode.peer(getContext().getSystem(), address, NAME);
        peer.tell(message);
    }
}
