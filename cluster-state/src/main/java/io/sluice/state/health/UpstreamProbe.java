package io.sluice.state.health;

import io.sluice.state.health.Healthchecks.Active;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Probes the addresses of one upstream that this node has to probe: each at its interval, give or take a tenth, with at most one
 * probe of an address on its way and no more of the upstream than it allows. Those that somebody waits for do not queue.
 */
final class UpstreamProbe extends AbstractBehavior<UpstreamProbe.Command> {

    /** Beyond the probe's own time: then the prober is taken for lost. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What it is told. */
    sealed interface Command {}

    /** From now on these are to be probed, and so. */
    record Replace(Map<TargetAddress, Assignment> assignments, int concurrency, Optional<String> hostHeader)
            implements Command {
        Replace {
            assignments = Map.copyOf(assignments);
        }
    }

    /**
     * Probe this at once.
     *
     * @param number comes back with the result, never 0
     */
    record Now(TargetAddress address, Active how, Optional<String> hostHeader, long number) implements Command {}

    private record Due(TargetAddress address) implements Command {}

    private record Done(TargetAddress address, Active how, long number, ProbeResult result) implements Command {}

    /**
     * A result.
     *
     * @param number of what asked for it, 0 if it was due
     */
    record Probed(TargetAddress address, Active how, long number, ProbeResult result) {}

    private final TimerScheduler<Command> timers;
    private final Prober prober;
    private final RandomGenerator random;
    private final Consumer<Probed> outlet;
    private final Map<TargetAddress, Assignment> assignments = new HashMap<>();
    private final Set<TargetAddress> running = new HashSet<>();
    private final Deque<TargetAddress> waiting = new ArrayDeque<>();
    private int concurrency = 1;
    private Optional<String> hostHeader = Optional.empty();

    static Behavior<Command> create(Prober prober, RandomGenerator random, Consumer<Probed> outlet) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new UpstreamProbe(context, timers, prober, random, outlet)));
    }

    private UpstreamProbe(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Prober prober,
            RandomGenerator random,
            Consumer<Probed> outlet) {
        super(context);
        this.timers = timers;
        this.prober = prober;
        this.random = random;
        this.outlet = outlet;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Due.class, this::onDue)
                .onMessage(Done.class, this::onDone)
                .onMessage(Now.class, this::onNow)
                .onMessage(Replace.class, this::onReplace)
                .build();
    }

    private Behavior<Command> onReplace(Replace replace) {
        concurrency = Math.max(1, replace.concurrency());
        hostHeader = replace.hostHeader();
        for (TargetAddress address : Set.copyOf(assignments.keySet())) {
            if (!replace.assignments().containsKey(address)) {
                assignments.remove(address);
                waiting.remove(address);
                timers.cancel(address);
            }
        }
        replace.assignments().forEach((address, next) -> {
            Assignment before = assignments.put(address, next);
            if (before == null) {
                // Not all targets of all upstreams at once, and at most an interval late.
                schedule(address, random.nextDouble());
            } else if (!before.interval().equals(next.interval())) {
                schedule(address, 0.9 + 0.1 * random.nextDouble());
            }
        });
        return this;
    }

    private void schedule(TargetAddress address, double part) {
        Assignment assignment = assignments.get(address);
        if (assignment != null) {
            Duration in = Duration.ofNanos((long) (assignment.interval().toNanos() * part));
            timers.startSingleTimer(address, new Due(address), in);
        }
    }

    private Behavior<Command> onDue(Due due) {
        if (assignments.containsKey(due.address())) {
            schedule(due.address(), 0.9 + 0.2 * random.nextDouble());
            if (!running.contains(due.address()) && !waiting.contains(due.address())) {
                waiting.add(due.address());
                startWaiting();
            }
        }
        return this;
    }

    private void startWaiting() {
        while (running.size() < concurrency && !waiting.isEmpty()) {
            TargetAddress next = waiting.remove();
            Assignment assignment = assignments.get(next);
            if (assignment != null) {
                running.add(next);
                probe(next, assignment.how(), hostHeader, 0);
            }
        }
    }

    private Behavior<Command> onNow(Now now) {
        probe(now.address(), now.how(), now.hostHeader(), now.number());
        return this;
    }

    private void probe(TargetAddress address, Active how, Optional<String> host, long number) {
        CompletionStage<ProbeResult> result = begin(address, how, host)
                .toCompletableFuture()
                .copy()
                .orTimeout(how.patience().plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        getContext()
                .pipeToSelf(
                        result,
                        (probed, failure) ->
                                new Done(address, how, number, probed == null ? new ProbeResult.TimedOut() : probed));
    }

    private CompletionStage<ProbeResult> begin(TargetAddress address, Active how, Optional<String> host) {
        try {
            return prober.probe(address, how, host);
        } catch (RuntimeException bug) {
            getContext().getLog().error("a bug: a target cannot be probed", bug);
            return CompletableFuture.completedFuture(new ProbeResult.Refused("cannot be probed: " + bug));
        }
    }

    private Behavior<Command> onDone(Done done) {
        if (done.number() == 0) {
            running.remove(done.address());
            startWaiting();
        }
        outlet.accept(new Probed(done.address(), done.how(), done.number(), done.result()));
        return this;
    }
}
