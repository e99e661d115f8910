package io.sluice.state.health;

import io.sluice.state.health.Doubt.Question;
import io.sluice.state.health.HealthMessage.Notice;
import io.sluice.state.health.HealthMessage.OddOneOut;
import io.sluice.state.health.Healthchecks.Active;
import io.sluice.state.health.Healthchecks.Passive;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Decides on one node what is up and what is down.
 *
 * <p>Each address has one owner, which gathers what all nodes see of it and decides for all of them, and a second, which it asks
 * before it believes its own probes. What one node alone sees holds for that node alone. A node out of contact decides nothing for
 * others and takes no part: it goes by what it sees itself until it is back. One thread; no input, output or timers of its own.
 */
final class HealthDecisions {

    /** Of probes that the owner misses while an address is down, each such one is tried by the second as well. */
    private static final int SECOND_LOOK = 3;

    /** So often another node's trouble may keep this one from an address for a moment. */
    private static final long HEARSAY_MILLIS = 1_000;

    private final HealthScope scope;
    private final HealthTable table;
    private final HealthEffects effects;
    private final Doubts doubts;
    private final Rulings rulings;

    HealthDecisions(HealthScope scope) {
        this.scope = scope;
        this.table = scope.table;
        this.effects = scope.effects;
        this.doubts = new Doubts(table, effects, this::confirm, this::deny);
        this.rulings = new Rulings(scope, doubts);
    }

    /** What is being found out. */
    Doubts doubts() {
        return doubts;
    }

    /** What comes of decisions. */
    Rulings rulings() {
        return rulings;
    }

    void drop(TargetState state) {
        doubts.end(state);
        scope.drop(state);
    }

    /** Other members, so perhaps other owners. */
    void circle(Circle next) {
        scope.circle(next);
        for (TargetState state : scope.states()) {
            state.seen.keySet().removeIf(node -> !next.has(node));
            state.odd.retainAll(state.seen.keySet());
            Owners owners = next.owners(state.address());
            if (!owners.equals(state.owners)) {
                state.owners = owners;
                state.unsee();
                look(state);
                if (!scope.owns(state)) {
                    effects.tellSoon(state);
                }
            }
        }
        table.upstreams().forEach(upstream -> effects.reassign(upstream.name()));
    }

    /** This node has come into contact or lost it; what was being found out is found out anew, if it is still in doubt. */
    void contactChanged() {
        doubts.clear();
        boolean acts = scope.acts();
        for (TargetState state : scope.states()) {
            state.settled = state.cell.own() != OwnOpinion.DOWN;
            if (!acts) {
                state.unsee();
                continue;
            }
            if (state.cell.own() == OwnOpinion.UP) {
                rulings.own(
                        state, OwnOpinion.NONE, Cause.CONTACT, "in contact again: the verdict of the cluster holds");
            }
            // Others may have told this node already; what its own requests have seen it has to say itself.
            look(state);
        }
        table.upstreams().forEach(upstream -> effects.reassign(upstream.name()));
    }

    /** Looks at what requests have seen of an address. */
    void look(TargetState state) {
        TargetCell cell = state.cell;
        cell.look();
        OwnOpinion own = cell.own();
        Evidence evidence = cell.evidence();
        boolean flipped = own == OwnOpinion.DOWN && !(state.own == own && state.settled);
        int successes = scope.upstream(state)
                .map(upstream -> upstream.checks().passive().healthy().successes())
                .orElse(0);
        boolean healed = successes > 0 && evidence.successes() >= successes;
        boolean refused = evidence.tcpFailures() > state.refusals;
        state.refusals = evidence.tcpFailures();
        if (healed && cell.own() == OwnOpinion.DOWN) {
            comeBack(state, Cause.TRAFFIC_SUCCEEDED, "");
        } else if (scope.acts()) {
            tell(state, evidence, refused, healed || flipped);
        }
        if (own == cell.own()) { // otherwise it is told again
            rulings.noteOwn(
                    state, Cause.traffic(cell.flippedBy()), Evidence.summary(cell.flippedBy(), List.of(evidence)));
        }
    }

    /** A failed connection is told to all, who prefer other addresses while the owner finds out; anything else to the owner only. */
    private void tell(TargetState state, Evidence evidence, boolean refused, boolean urgent) {
        HealthMessage seen = new HealthMessage.Seen(0, List.of(new Notice(state.address(), evidence)));
        if (refused) {
            scope.circle().others().forEach(node -> effects.send(node, seen));
        }
        if (scope.owns(state)) {
            saw(state, scope.self(), evidence);
        } else if (urgent && !refused) {
            effects.send(state.owners.owner(), seen);
        } else if (!refused) {
            effects.tellSoon(state);
        }
    }

    /** A node has told this one what its requests have seen. */
    void heard(TargetState state, long node, Evidence evidence) {
        long now = scope.now();
        boolean refused = evidence.tcpFailures() > state.seenBy(node).tcpFailures();
        if (refused && !state.odd.contains(node) && now - state.hearsayAt >= HEARSAY_MILLIS) {
            state.hearsayAt = now;
            state.cell.suspect();
        }
        saw(state, node, evidence);
    }

    /** As {@link #heard}, or this one's own; decides if this node is the owner. */
    void saw(TargetState state, long node, Evidence evidence) {
        boolean refused = evidence.tcpFailures() > state.seenBy(node).tcpFailures();
        if (evidence.equals(Evidence.NONE)) {
            state.seen.remove(node);
            state.odd.remove(node);
        } else if (evidence.equals(state.seen.put(node, evidence)) && state.odd.contains(node)) {
            tellOdd(state, node); // it may not have heard
        } else {
            state.odd.remove(node);
            if (scope.acts() && scope.owns(state) && state.doubt == 0) {
                scope.upstream(state).ifPresent(upstream -> judge(state, upstream, refused ? node : 0));
            }
        }
    }

    /**
     * Judges what nodes have seen.
     *
     * @param refused whose connection has just failed; 0 for nobody's
     */
    private void judge(TargetState state, WatchedUpstream upstream, long refused) {
        Passive rules = upstream.checks().passive();
        Judgement judgement = Judgement.of(rules, table.isUp(state.address()), state.unexplained());
        if (judgement instanceof Judgement.Heal heal) {
            rulings.found(state, true, Cause.TRAFFIC_SUCCEEDED, heal.finder(), "");
        } else if (judgement instanceof Judgement.Condemn condemn) {
            rulings.found(
                    state,
                    false,
                    Cause.traffic(condemn.failure()),
                    condemn.finder(),
                    summary(state, condemn.failure()));
        } else if (judgement instanceof Judgement.Connect connect) {
            connect(state, upstream, Failure.TCP, connect.finder());
        } else if (judgement instanceof Judgement.AskOthers ask && ask.failure() == Failure.TIMEOUT) {
            connect(state, upstream, Failure.TIMEOUT, ask.finder()); // perhaps there is nobody
        } else if (judgement instanceof Judgement.AskOthers ask) {
            askOthers(state, ask.failure(), ask.finder(), Set.of(ask.finder()));
        } else if (refused != 0 && state.owners.second() != 0 && table.isUp(state.address())) {
            glance(state, upstream, refused);
        }
    }

    /** One failed connection condemns nothing, but is reason enough to try another one. */
    private void glance(TargetState state, WatchedUpstream upstream, long finder) {
        Doubt doubt = new Doubt(
                state, Question.GLANCE, Failure.TCP, finder, summary(state, Failure.TCP), List.of(connector(state)));
        doubts.askForProbe(
                scope.self(), doubt, upstream, upstream.checks().active().connecting(Doubts.CONNECT_TIME));
    }

    /**
     * What was tried because of a failed connection has failed, too: it counts as one more where probes can bring back what is taken
     * for down too soon. What has been seen meanwhile was not judged yet.
     */
    private void glanced(TargetState state, Doubt doubt, boolean alive) {
        WatchedUpstream upstream = scope.upstream(state).orElse(null);
        if (upstream == null || !scope.owns(state)) {
            return;
        }
        state.glances = alive ? 0 : state.glances + 1;
        int limit = upstream.checks().passive().unhealthy().limit(Failure.TCP);
        int failures = state.unexplained().values().stream()
                .mapToInt(seen -> seen.failures(Failure.TCP))
                .sum();
        int tried = upstream.checks().active().heals() ? state.glances : 0;
        if (!alive && failures > 0 && limit > 0 && failures + tried >= limit) {
            rulings.found(state, false, doubt.cause(), doubt.finder, summary(state, Failure.TCP));
        } else {
            judge(state, upstream, 0);
        }
    }

    private void connect(TargetState state, WatchedUpstream upstream, Failure failure, long finder) {
        String detail = summary(state, failure);
        if (state.owners.second() == 0) {
            rulings.found(state, false, Cause.traffic(failure), finder, detail);
            return;
        }
        Doubt doubt = new Doubt(state, Question.CONNECT, failure, finder, detail, List.of(connector(state)));
        doubts.askForProbe(
                scope.self(), doubt, upstream, upstream.checks().active().connecting(Doubts.CONNECT_TIME));
    }

    /** Who connects: the owner, or somebody else if its own way there is in doubt. */
    private long connector(TargetState state) {
        long self = scope.self();
        boolean fails = state.cell.own() == OwnOpinion.DOWN || state.hasFailures(self);
        if (!fails) {
            return self;
        }
        long second = state.owners.second();
        return LongStream.concat(
                        LongStream.of(second), scope.circle().others().stream().mapToLong(Long::longValue))
                .filter(node -> !state.hasFailures(node))
                .findFirst()
                .orElse(second);
    }

    private static String summary(TargetState state, Failure failure) {
        return Evidence.summary(failure, state.seen.values());
    }

    /** Who has none of these failures is asked for successes. */
    private void askOthers(TargetState state, Failure failure, long finder, Set<Long> failing) {
        List<Long> others = scope.circle().others().stream()
                .filter(node -> !failing.contains(node))
                .toList();
        Doubt doubt = new Doubt(state, Question.VOUCH, failure, finder, summary(state, failure), others);
        if (!failing.contains(scope.self()) && Doubts.vouches(state.cell)) {
            deny(doubt);
        } else if (others.isEmpty()) {
            confirm(doubt);
        } else {
            doubts.askForSuccesses(doubt);
        }
    }

    /** It is as bad as it looked. */
    private void confirm(Doubt doubt) {
        if (doubt.question == Question.RECOVERY) {
            doubt.state.secondSuccesses = 0;
        } else if (doubt.question == Question.GLANCE) {
            glanced(doubt.state, doubt, false);
        } else {
            rulings.found(doubt.state, false, doubt.cause(), doubt.finder, doubt.detail);
        }
    }

    /** Somebody else sees it alive. */
    private void deny(Doubt doubt) {
        TargetState state = doubt.state;
        switch (doubt.question) {
            case PROBES -> {
                rulings.own(state, OwnOpinion.DOWN, doubt.cause(), doubt.detail);
                state.settled = true;
            }
            case VOUCH -> failing(state, doubt.failure).forEach(node -> odd(state, node));
            case CONNECT -> {
                Set<Long> failing = failing(state, doubt.failure);
                if (failing.size() > (doubt.failure == Failure.TIMEOUT ? 0 : 1)) {
                    askOthers(state, doubt.failure, doubt.finder, failing); // what they see comes after connecting
                } else {
                    failing.forEach(node -> odd(state, node));
                }
            }
            case GLANCE -> glanced(state, doubt, true);
            case RECOVERY -> recovered(state, doubt);
        }
    }

    /** Those whose requests have seen enough failures of a kind to keep away. */
    private Set<Long> failing(TargetState state, Failure failure) {
        int limit = scope.upstream(state)
                .map(upstream -> upstream.checks().passive().unhealthy().limit(failure))
                .filter(most -> most > 0)
                .orElse(Integer.MAX_VALUE);
        return state.seen.entrySet().stream()
                .filter(node -> node.getValue().failures(failure) >= limit)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private void odd(TargetState state, long node) {
        state.odd.add(node);
        tellOdd(state, node);
    }

    private void tellOdd(TargetState state, long node) {
        if (node == scope.self()) {
            oddOneOut(state);
        } else {
            effects.send(node, new OddOneOut(0, state.address()));
        }
    }

    /** What this node's requests see nobody else does: it keeps away, and its evidence stays until it is back. */
    void oddOneOut(TargetState state) {
        if (state.cell.own() != OwnOpinion.DOWN) {
            state.cell.reset();
        }
        state.settled = true;
    }

    /** This node uses again what it alone kept away from. */
    private void comeBack(TargetState state, Cause cause, String detail) {
        state.cell.reset();
        rulings.own(state, OwnOpinion.NONE, cause, detail);
        if (scope.acts() && scope.owns(state)) {
            saw(state, scope.self(), Evidence.NONE);
        } else if (scope.acts()) {
            effects.tellSoon(state);
        }
    }

    /** Nothing can tell but requests whether what this node alone holds against it is over. */
    void tryAgain(TargetState state) {
        comeBack(state, Cause.TRIED_AGAIN, "");
    }

    private void recovered(TargetState state, Doubt doubt) {
        int needed = scope.upstream(state)
                .map(upstream -> upstream.checks().active().healthy().successes())
                .orElse(0);
        if (++state.secondSuccesses >= needed && needed > 0 && !table.isUp(state.address())) {
            rulings.found(state, true, Cause.PROBES_SUCCEEDED, doubt.finder, doubt.detail);
            rulings.own(state, OwnOpinion.DOWN, doubt.cause(), state.lastProbe);
            state.settled = true;
        }
    }

    /** A probe that was due has a result. */
    void probed(TargetState state, Active how, Finding finding, String detail) {
        state.lastProbe = detail;
        boolean decides = !scope.acts() || scope.owns(state);
        Optional<WatchedUpstream> upstream = scope.upstream(state);
        if (upstream.isEmpty() || !decides && state.cell.own() == OwnOpinion.NONE) {
            return; // it has changed hands meanwhile
        }
        Active active = upstream.get().checks().active();
        if (finding == Finding.SUCCESS) {
            state.probes = state.probes.withSuccess();
            probeSucceeded(state, active);
        } else if (!active.isOn()) {
            state.trial.unreachable();
        } else if (how.type() == active.type()) {
            finding.failure()
                    .filter(failure -> active.unhealthy().limit(failure) > 0)
                    .ifPresent(failure -> probeFailed(state, upstream.get(), failure, detail));
        }
    }

    private void probeSucceeded(TargetState state, Active active) {
        int needed = active.isOn() ? active.healthy().successes() : 0;
        int successes = state.probes.successes();
        boolean up = table.isUp(state.address());
        boolean enough = needed > 0 && successes >= needed;
        if (up && state.cell.own() == OwnOpinion.DOWN) {
            if (active.isOn() ? successes >= Math.max(1, needed) : state.trial.wasUnreachable()) {
                comeBack(state, Cause.PROBES_SUCCEEDED, state.lastProbe);
            }
        } else if (!up && enough && scope.acts()) {
            if (scope.owns(state)) {
                rulings.found(state, true, Cause.PROBES_SUCCEEDED, scope.self(), state.lastProbe);
            }
        } else if (!up && enough && state.cell.own() != OwnOpinion.UP) {
            state.cell.reset();
            rulings.own(state, OwnOpinion.UP, Cause.PROBES_SUCCEEDED, state.lastProbe);
        }
    }

    private void probeFailed(TargetState state, WatchedUpstream upstream, Failure failure, String detail) {
        Active active = upstream.checks().active();
        state.probes = state.probes.with(failure);
        boolean reached = state.probes.failures(failure) >= active.unhealthy().limit(failure);
        Cause cause = Cause.probes(failure);
        long second = state.owners.second();
        if (!scope.acts()) {
            if (reached && state.cell.usable()) {
                rulings.own(state, OwnOpinion.DOWN, cause, detail);
            }
        } else if (!scope.owns(state) || state.doubt != 0) {
            return;
        } else if (!table.isUp(state.address())) {
            state.misses++;
            if (second != 0 && (state.misses % SECOND_LOOK == 0 || state.secondSuccesses > 0)) {
                doubts.askForProbe(
                        scope.self(),
                        new Doubt(state, Question.RECOVERY, failure, second, "", List.of(second)),
                        upstream,
                        active);
            }
        } else if (reached && second == 0) {
            rulings.found(state, false, cause, scope.self(), detail);
        } else if (reached) {
            doubts.askForProbe(
                    scope.self(),
                    new Doubt(state, Question.PROBES, failure, scope.self(), detail, List.of(second)),
                    upstream,
                    active);
        }
    }

    /** Somebody says by hand what it is. */
    void mark(TargetState state, boolean healthy) {
        if (scope.acts()) {
            rulings.found(state, healthy, Cause.MANUAL, scope.self(), "");
            return;
        }
        state.reset();
        boolean agrees = table.isUp(state.address()) == healthy;
        rulings.own(state, agrees ? OwnOpinion.NONE : healthy ? OwnOpinion.UP : OwnOpinion.DOWN, Cause.MANUAL, "");
        state.trial.never();
    }
}
