package io.sluice.state.health;

import io.sluice.state.health.HealthMessage.Notice;
import io.sluice.state.health.HealthReport.GuardView;
import io.sluice.state.health.HealthReport.NodeView;
import io.sluice.state.health.HealthReport.TargetView;
import io.sluice.state.health.UpstreamProbe.Probed;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Members;
import io.sluice.state.membership.Membership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Owns what this node knows of the health of targets: brings what requests, probes and other nodes say to {@link HealthDecisions},
 * and its decisions to all of them. It lives as long as the node, and not only as long as a run of the cluster's actor system.
 */
final class HealthKeeper extends AbstractBehavior<HealthKeeper.Command> {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TELL_AGAIN = Duration.ofMillis(100);
    private static final Duration REPORT_TIME = Duration.ofMillis(1_500);

    /** Names are short; so many fit well into a message. */
    private static final int MOST_IN_MESSAGE = 300;

    /** Each may name a hundred addresses. */
    private static final int MOST_GUARDS = 50;

    /** What it is told. */
    sealed interface Command {}

    /** An upstream of the table is watched, or watched otherwise. */
    record Watch(WatchedUpstream upstream) implements Command {}

    /** One is not any more. */
    record Forget(String upstream) implements Command {}

    /** Requests have changed what a cell counts. */
    record Look(TargetCell cell) implements Command {}

    /** The membership has changed. */
    record Seen(Members members) implements Command {}

    /** From another node, which is a member. */
    record Received(HealthMessage message) implements Command {}

    /** By the slow lane. */
    record Learned(List<Verdict> verdicts) implements Command {}

    /** By hand. */
    record Mark(List<TargetAddress> addresses, boolean healthy, CompletableFuture<Boolean> done) implements Command {}

    /** Everybody's view is wanted. */
    record Report(CompletableFuture<HealthReport> done) implements Command {}

    private record Result(Probed probed) implements Command {}

    private record Deadline(long number) implements Command {}

    private record ReportOver(long number) implements Command {}

    private enum Tick implements Command {
        SECOND,
        TELL
    }

    /** The way to other nodes, and to whoever listens. */
    interface Outlet {

        void send(long member, HealthMessage message);

        void replicate(List<Verdict> verdicts);

        void forget(long horizon);

        void changed(HealthChange change);

        /** What else keeps this node's requests from upstreams. */
        default List<GuardView> guards() {
            return List.of();
        }

        /** As {@link Membership#contactUntil}; 0 if nothing is known of contact. */
        default long contactUntil() {
            return 0;
        }
    }

    private final TimerScheduler<Command> timers;
    private final HealthTable table;
    private final Prober prober;
    private final RandomGenerator random;
    private final Outlet outlet;
    private final HealthScope scope;
    private final HealthDecisions decisions;
    private final Marks marks;
    private final Upkeep upkeep;
    private final Map<String, ActorRef<UpstreamProbe.Command>> probes = new HashMap<>();
    private final Set<String> stale = new LinkedHashSet<>();
    private final Set<TargetState> untold = new LinkedHashSet<>();
    private final Map<Long, ReportRound> reports = new HashMap<>();
    private Members members;
    private long reportNumber;

    static Behavior<Command> create(
            HealthTable table,
            Prober prober,
            RandomGenerator random,
            Members members,
            LongSupplier agreedMillis,
            BooleanSupplier inContact,
            Outlet outlet) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
                new HealthKeeper(context, timers, table, prober, random, members, agreedMillis, inContact, outlet)));
    }

    private HealthKeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            HealthTable table,
            Prober prober,
            RandomGenerator random,
            Members members,
            LongSupplier agreedMillis,
            BooleanSupplier inContact,
            Outlet outlet) {
        super(context);
        this.timers = timers;
        this.table = table;
        this.prober = prober;
        this.random = random;
        this.outlet = outlet;
        this.members = members;
        Effects effects = new Effects();
        scope = new HealthScope(table, effects, agreedMillis, inContact);
        decisions = new HealthDecisions(scope);
        marks = new Marks(scope, decisions.rulings());
        upkeep = new Upkeep(scope, decisions, marks);
        decisions.circle(Circle.of(members));
        upkeep.contact();
        timers.startTimerWithFixedDelay(Tick.SECOND, SECOND);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(
                        Look.class,
                        look -> then(
                                () -> decisions.look(scope.state(look.cell().address()))))
                .onMessage(Result.class, result -> then(() -> onResult(result.probed())))
                .onMessage(Received.class, received -> then(() -> onReceived(received.message())))
                .onMessage(
                        Learned.class, learned -> then(() -> learned.verdicts().forEach(decisions.rulings()::take)))
                .onMessage(
                        Deadline.class,
                        deadline -> then(() -> decisions.doubts().late(deadline.number())))
                .onMessage(Watch.class, watch -> then(() -> upkeep.watch(watch.upstream())))
                .onMessage(Forget.class, forget -> then(() -> upkeep.forget(forget.upstream())))
                .onMessage(Mark.class, mark -> then(() -> onMark(mark)))
                .onMessage(Seen.class, seen -> then(() -> onSeen(seen.members())))
                .onMessage(Report.class, report -> then(() -> onReport(report.done())))
                .onMessage(ReportOver.class, over -> then(() -> endReport(over.number())))
                .onMessageEquals(Tick.TELL, () -> then(this::startTelling))
                .onMessageEquals(Tick.SECOND, () -> then(this::onSecond))
                .build();
    }

    /** After whatever has been decided, probes are as they should be. */
    private Behavior<Command> then(Runnable work) {
        work.run();
        for (String upstream : stale) {
            assign(upstream);
        }
        stale.clear();
        return this;
    }

    private void assign(String name) {
        Optional<WatchedUpstream> upstream = table.upstream(name);
        if (upstream.isEmpty()) {
            ActorRef<UpstreamProbe.Command> probe = probes.remove(name);
            if (probe != null) {
                getContext().stop(probe);
            }
            return;
        }
        Map<TargetAddress, Assignment> assignments = upkeep.assignments(upstream.get());
        if (!assignments.isEmpty() || probes.containsKey(name)) {
            probe(name)
                    .tell(new UpstreamProbe.Replace(
                            assignments,
                            upstream.get().checks().active().concurrency(),
                            upstream.get().hostHeader()));
        }
    }

    private ActorRef<UpstreamProbe.Command> probe(String upstream) {
        // It goes on with its timers and what it has under way; a restart would lose both.
        return probes.computeIfAbsent(
                upstream,
                name -> getContext()
                        .spawnAnonymous(Behaviors.supervise(UpstreamProbe.create(
                                        prober,
                                        random,
                                        probed -> getContext().getSelf().tell(new Result(probed))))
                                .onFailure(SupervisorStrategy.resume())));
    }

    private void onResult(Probed probed) {
        Finding finding = Finding.of(probed.result(), probed.how());
        String detail = Finding.describe(probed.result());
        if (probed.number() != 0) {
            decisions.doubts().probedHere(probed.number(), scope.self(), finding, detail);
        } else {
            decisions.probed(scope.state(probed.address()), probed.how(), finding, detail);
        }
    }

    private void onReceived(HealthMessage message) {
        long sender = message.sender();
        if (message instanceof HealthMessage.Verdicts verdicts) {
            verdicts.verdicts().forEach(decisions.rulings()::take);
        } else if (message instanceof HealthMessage.Seen seen) {
            seen.notices().forEach(notice -> onNotice(sender, notice));
            upkeep.told(seen);
        } else if (message instanceof HealthMessage.Unwatched unwatched) {
            decisions.stranger(unwatched.upstream(), sender);
        } else if (message instanceof HealthMessage.ProbeWanted wanted) {
            decisions.doubts().probeWanted(wanted);
        } else if (message instanceof HealthMessage.ProbeDone done) {
            decisions.doubts().probed(done.number(), sender, done.finding());
        } else if (message instanceof HealthMessage.VouchWanted wanted) {
            decisions.doubts().vouchWanted(wanted);
        } else if (message instanceof HealthMessage.Vouched vouched) {
            decisions.doubts().vouched(vouched.number(), sender, vouched.alive());
        } else if (message instanceof HealthMessage.OddOneOut odd) {
            decisions.oddOneOut(scope.state(odd.address()));
        } else if (message instanceof HealthMessage.VerdictsWanted) {
            sendVerdicts(sender, List.copyOf(table.verdicts()));
        } else if (message instanceof HealthMessage.ReportWanted wanted) {
            sendReport(sender, wanted.number());
        } else if (message instanceof HealthMessage.ReportPart part) {
            ReportRound round = reports.get(part.number());
            if (round != null && round.add(part)) {
                endReport(part.number());
            }
        } else if (message instanceof HealthMessage.GuardsPart part) {
            ReportRound round = reports.get(part.number());
            if (round != null) {
                round.add(part);
            }
        }
    }

    private void onNotice(long sender, Notice notice) {
        if (table.upstream(notice.address().upstream()).isEmpty()) {
            return;
        }
        TargetState state = scope.state(notice.address());
        upkeep.wanted(state);
        decisions.heard(state, sender, notice.evidence());
        // Who still sees failures of what is down has not heard of it, and who begins to use it may not have either.
        table.verdict(notice.address())
                .filter(verdict ->
                        !verdict.up() && (scope.owns(state) || notice.evidence().hasFailures()))
                .ifPresent(verdict -> sendVerdicts(sender, List.of(verdict)));
    }

    private void sendVerdicts(long node, List<Verdict> verdicts) {
        for (int i = 0; i < verdicts.size(); i += MOST_IN_MESSAGE) {
            outlet.send(
                    node,
                    new HealthMessage.Verdicts(0, verdicts.subList(i, Math.min(verdicts.size(), i + MOST_IN_MESSAGE))));
        }
    }

    private void onSeen(Members next) {
        members = next;
        Circle circle = Circle.of(next);
        if (!circle.equals(scope.circle())) {
            decisions.circle(circle);
        }
        onContact();
    }

    private void onContact() {
        if (upkeep.contact()) {
            scope.circle().others().stream()
                    .limit(2)
                    .forEach(node -> outlet.send(node, new HealthMessage.VerdictsWanted(0)));
            scope.states().stream().filter(state -> state.watched).forEach(untold::add);
            startTelling();
        }
    }

    private void onSecond() {
        table.tick();
        onContact();
        upkeep.second();
    }

    private void startTelling() {
        if (!untold.isEmpty() && !timers.isTimerActive(Tick.TELL)) {
            timers.startSingleTimer(Tick.TELL, TELL_AGAIN);
            tellOwners();
        }
    }

    /** The first news goes at once, what follows on its heels together. */
    private void tellOwners() {
        Map<Long, List<Notice>> byOwner = new HashMap<>();
        long self = scope.self();
        for (TargetState state : untold) {
            long owner = state.owners.owner();
            if (owner != self && owner != 0) {
                byOwner.computeIfAbsent(owner, node -> new ArrayList<>())
                        .add(new Notice(state.address(), state.cell.evidence()));
            }
        }
        untold.clear();
        if (scope.acts()) {
            byOwner.forEach((owner, notices) -> {
                for (int i = 0; i < notices.size(); i += MOST_IN_MESSAGE) {
                    List<Notice> some = notices.subList(i, Math.min(notices.size(), i + MOST_IN_MESSAGE));
                    outlet.send(owner, new HealthMessage.Seen(0, some));
                }
            });
        }
    }

    private void onMark(Mark mark) {
        for (TargetAddress address : mark.addresses()) {
            marks.mark(scope.state(address), mark.healthy());
        }
        mark.done().complete(!mark.addresses().isEmpty());
    }

    private void onReport(CompletableFuture<HealthReport> done) {
        Member self = members.self();
        long number = ++reportNumber;
        NodeView own = new NodeView(self.id(), self.address(), true, scope.acts(), views(), outlet.guards());
        ReportRound round = new ReportRound(own, members.others(), done);
        reports.put(number, round);
        if (round.isComplete()) {
            endReport(number);
            return;
        }
        members.others().forEach(other -> outlet.send(other.id(), new HealthMessage.ReportWanted(0, number)));
        timers.startSingleTimer("report " + number, new ReportOver(number), REPORT_TIME);
    }

    private void endReport(long number) {
        ReportRound round = reports.remove(number);
        if (round != null) {
            timers.cancel("report " + number);
            round.end();
        }
    }

    private void sendReport(long node, long number) {
        List<GuardView> guards = outlet.guards();
        for (int i = 0; i < guards.size(); i += MOST_GUARDS) {
            List<GuardView> some = guards.subList(i, Math.min(guards.size(), i + MOST_GUARDS));
            outlet.send(node, new HealthMessage.GuardsPart(0, number, some));
        }
        List<TargetView> views = views();
        int from = 0;
        do {
            int to = Math.min(views.size(), from + MOST_IN_MESSAGE);
            outlet.send(
                    node,
                    new HealthMessage.ReportPart(0, number, scope.acts(), to == views.size(), views.subList(from, to)));
            from = to;
        } while (from < views.size());
    }

    private List<TargetView> views() {
        return scope.states().stream()
                .filter(state -> state.watched)
                .sorted(Comparator.comparing(TargetState::address))
                .map(state -> new TargetView(
                        state.address(),
                        state.cell.usable(),
                        table.verdict(state.address()),
                        state.cell.own(),
                        state.owners.owner(),
                        state.owners.second(),
                        state.cell.evidence(),
                        state.probes,
                        state.lastProbe))
                .toList();
    }

    private final class Effects implements HealthEffects {

        @Override
        public void send(long member, HealthMessage message) {
            outlet.send(member, message);
        }

        @Override
        public void replicate(List<Verdict> verdicts) {
            outlet.replicate(verdicts);
        }

        @Override
        public void forget(long horizon) {
            outlet.forget(horizon);
        }

        @Override
        public void probe(WatchedUpstream upstream, TargetAddress address, Healthchecks.Active how, long number) {
            HealthKeeper.this
                    .probe(upstream.name())
                    .tell(new UpstreamProbe.Now(address, how, upstream.hostHeader(), number));
        }

        @Override
        public void deadline(long number, Duration in) {
            timers.startSingleTimer(number, new Deadline(number), in);
        }

        @Override
        public void changed(HealthChange change) {
            outlet.changed(change);
        }

        @Override
        public long contactUntil() {
            return outlet.contactUntil();
        }

        @Override
        public void reassign(String upstream) {
            stale.add(upstream);
        }

        @Override
        public void tellSoon(TargetState state) {
            untold.add(state);
            startTelling();
        }
    }
}
