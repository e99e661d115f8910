package io.sluice.state.health;

import io.sluice.state.health.Doubt.Question;
import io.sluice.state.health.HealthMessage.ProbeDone;
import io.sluice.state.health.HealthMessage.ProbeWanted;
import io.sluice.state.health.HealthMessage.VouchWanted;
import io.sluice.state.health.Healthchecks.Active;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What owners ask other nodes and themselves before they decide, and what this node answers to others. One thread. */
final class Doubts {

    /** Successes in such a time vouch for an address. */
    static final int VOUCH_SECONDS = 10;

    /** What a node that is asked may take to answer, beside what a probe takes. */
    static final Duration ANSWER_TIME = Duration.ofSeconds(1);

    static final Duration CONNECT_TIME = Duration.ofSeconds(1);

    /** Contact that reaches so much further was confirmed by a question asked later: one is asked every half second. */
    private static final Duration PING_TIME = Duration.ofMillis(600);

    private static final Duration LONGEST_PROBE = Duration.ofSeconds(5);

    private record Asked(long node, long number) {}

    private final HealthTable table;
    private final HealthEffects effects;
    private final Consumer<Doubt> confirm;
    private final Consumer<Doubt> deny;
    private final BiConsumer<Doubt, Long> unknown;
    private final Map<Long, Doubt> doubts = new HashMap<>();
    private final Map<Long, Asked> asked = new HashMap<>();
    private long numbers;

    /**
     * None.
     *
     * @param confirm told when it is as bad as it looked
     * @param deny told when somebody else sees it alive
     * @param unknown told when who was asked to probe does not watch the upstream
     */
    Doubts(
            HealthTable table,
            HealthEffects effects,
            Consumer<Doubt> confirm,
            Consumer<Doubt> deny,
            BiConsumer<Doubt, Long> unknown) {
        this.table = table;
        this.effects = effects;
        this.confirm = confirm;
        this.deny = deny;
        this.unknown = unknown;
    }

    void askForProbe(long self, Doubt doubt, WatchedUpstream upstream, Active how) {
        Duration time = how.patience().compareTo(LONGEST_PROBE) > 0 ? LONGEST_PROBE : how.patience();
        long number = begin(doubt, time.plus(ANSWER_TIME));
        TargetAddress address = doubt.state.address();
        for (long prober : doubt.awaited) {
            if (prober == self) {
                effects.probe(upstream, address, how, number);
            } else {
                effects.send(prober, new ProbeWanted(0, number, address, doubt.asksToConnect()));
            }
        }
    }

    /** As {@link #askForProbe}, but connecting is enough. */
    void askToConnect(long self, Doubt doubt, WatchedUpstream upstream) {
        askForProbe(self, doubt, upstream, upstream.checks().active().connecting(CONNECT_TIME));
    }

    void askForSuccesses(Doubt doubt) {
        long number = begin(doubt, ANSWER_TIME);
        for (long node : doubt.awaited) {
            effects.send(node, new VouchWanted(0, number, doubt.state.address()));
        }
    }

    private long begin(Doubt doubt, Duration time) {
        long number = ++numbers;
        doubts.put(number, doubt);
        doubt.state.doubt = number;
        doubt.contactUntil = effects.contactUntil();
        effects.deadline(number, time);
        return number;
    }

    private Optional<Doubt> end(long number) {
        Doubt doubt = doubts.remove(number);
        if (doubt != null && doubt.state.doubt == number) {
            doubt.state.doubt = 0;
            return Optional.of(doubt);
        }
        return Optional.empty();
    }

    /** It has been decided otherwise. */
    void end(TargetState state) {
        doubts.remove(state.doubt);
        state.doubt = 0;
    }

    void clear() {
        doubts.values().forEach(doubt -> doubt.state.doubt = 0);
        doubts.clear();
    }

    /**
     * Nobody has answered in time: who says nothing vouches for nothing. But if nothing has been heard of a majority either since it
     * was asked, this node may be the one that is cut off: it waits until it knows.
     */
    void late(long number) {
        Doubt doubt = doubts.get(number);
        if (doubt != null
                && doubt.contactUntil != 0
                && effects.contactUntil() - doubt.contactUntil < PING_TIME.toNanos()) {
            effects.deadline(number, PING_TIME);
        } else {
            // Of a single failure nothing follows unless somebody sees another.
            end(number).ifPresent(doubt != null && doubt.isAhead() ? deny : confirm);
        }
    }

    /** Another node answers whether its requests had successes. */
    void vouched(long number, long node, boolean alive) {
        Doubt doubt = doubts.get(number);
        if (doubt != null && doubt.question == Question.VOUCH && doubt.awaited.remove(node)) {
            if (alive) {
                end(number).ifPresent(deny);
            } else if (doubt.awaited.isEmpty()) {
                end(number).ifPresent(confirm);
            }
        }
    }

    /** A node has probed for this one. */
    void probed(long number, long node, Finding finding) {
        Doubt doubt = doubts.get(number);
        if (doubt != null && doubt.question != Question.VOUCH && doubt.awaited.contains(node)) {
            boolean alive = doubt.question == Question.RECOVERY ? finding == Finding.SUCCESS : finding.isAlive();
            if (finding == Finding.UNWATCHED) {
                end(number).ifPresent(open -> unknown.accept(open, node));
            } else {
                end(number).ifPresent(alive ? deny : confirm);
            }
        }
    }

    /** This node has probed, for itself or for another one. */
    void probedHere(long number, long self, Finding finding, String detail) {
        Asked request = asked.remove(number);
        if (request == null) {
            probed(number, self, finding);
        } else {
            effects.send(request.node(), new ProbeDone(0, request.number(), finding, detail));
        }
    }

    /** Another node wants this one to probe. */
    void probeWanted(ProbeWanted wanted) {
        Optional<WatchedUpstream> upstream = table.upstream(wanted.address().upstream());
        if (upstream.isEmpty()) {
            effects.send(wanted.sender(), new ProbeDone(0, wanted.number(), Finding.UNWATCHED, "not watched here"));
            return;
        }
        Active active = upstream.get().checks().active();
        long number = ++numbers;
        asked.put(number, new Asked(wanted.sender(), wanted.number()));
        effects.probe(
                upstream.get(), wanted.address(), wanted.connect() ? active.connecting(CONNECT_TIME) : active, number);
    }

    /** A success sets failures to 0: where there are some it was before them. */
    static boolean vouches(TargetCell cell) {
        return cell.succeededWithin(VOUCH_SECONDS) && !cell.evidence().hasFailures();
    }

    /** Another node wants to know whether requests had successes here. */
    void vouchWanted(VouchWanted wanted) {
        TargetCell cell = table.known(wanted.address());
        boolean alive = cell != null && vouches(cell);
        effects.send(wanted.sender(), new HealthMessage.Vouched(0, wanted.number(), alive));
    }
}
