package io.sluice.state.health;

import io.sluice.state.health.Doubt.Question;
import io.sluice.state.health.HealthMessage.Notice;
import io.sluice.state.health.HealthMessage.OddOneOut;
import io.sluice.state.health.Healthchecks.Active;
import io.sluice.state.health.Healthchecks.Passive;
import java.util.List;
import java.util.Map;
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

    /** So often another node's trouble may keep this one from an address for a moment. */
    private static final long HEARSAY_MILLIS = 1_000;

    private final HealthScope scope;
    private final HealthTable table;
    private final HealthEffects effects;
    private final Doubts doubts;
    private final Rulings rulings;
    private final ProbeDecisions probes;

    HealthDecisions(HealthScope scope) {
        this.scope = scope;
        this.table = scope.table;
        this.effects = scope.effects;
        this.doubts = new Doubts(table, effects, this::confirm, this::deny, this::unknown);
        this.rulings = new Rulings(scope, doubts);
        this.probes = new ProbeDecisions(
                scope, doubts, rulings, state -> comeBack(state, Cause.PROBES_SUCCEEDED, state.lastProbe));
    }

    /** What is being found out. */
    Doubts doubts() {
        return doubts;
    }

    /** What comes of decisions. */
    Rulings rulings() {
        return rulings;
    }

    /** Nobody uses it any more: nothing is held against it. */
    void forget(TargetState state) {
        Verdict verdict = table.verdict(state.address()).orElse(null);
        if (verdict != null) {
            table.expire(verdict);
        }
        if (verdict != null || state.cell.own() != OwnOpinion.NONE) {
            doubts.end(state);
            state.reset();
            state.said = null;
            state.cell.own(OwnOpinion.NONE);
            state.own = OwnOpinion.NONE;
            state.trial.end(scope.now());
        }
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
            reown(state);
        }
        table.upstreams().forEach(upstream -> effects.reassign(upstream.name()));
    }

    private void reown(TargetState state) {
        Owners owners = scope.owners(state.address());
        if (!owners.equals(state.owners)) {
            state.owners = owners;
            state.unsee();
            look(state);
            if (!scope.owns(state)) {
                effects.tellSoon(state);
            }
        }
    }

    /** A node does not watch an upstream: others look after its addresses. */
    void stranger(String upstream, long node) {
        if (scope.stranger(upstream, node)) {
            reown(upstream);
        }
    }

    /** It does. */
    void noStranger(String upstream, long node) {
        if (scope.noStranger(upstream, node)) {
            reown(upstream);
        }
    }

    /** Those who look after an upstream's addresses may be others. */
    void reown(String upstream) {
        List.copyOf(scope.states()).stream()
                .filter(state -> state.address().upstream().equals(upstream))
                .forEach(this::reown);
        effects.reassign(upstream);
    }

    /** Who was asked does not watch the upstream: somebody else is asked. */
    private void unknown(Doubt doubt, long node) {
        TargetState state = doubt.state;
        stranger(state.address().upstream(), node);
        scope.upstream(state).filter(upstream -> scope.owns(state)).ifPresent(upstream -> {
            if (doubt.question == Question.PROBES) {
                probes.doubt(state, upstream, doubt.failure, doubt.detail);
            } else if (state.doubt == 0) {
                judge(state, upstream, 0);
            }
        });
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
            if (state.cell.own() == OwnOpinion.UP && state.said == null) {
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
        boolean refused = evidence.connectionFailures() > state.refusals;
        boolean left = cell.hasLeft();
        state.refusals = evidence.connectionFailures();
        if (healed && cell.own() == OwnOpinion.DOWN) {
            comeBack(state, Cause.TRAFFIC_SUCCEEDED, "");
        } else if (scope.acts()) {
            tell(state, evidence, refused, healed || flipped);
            if (left) {
                left(state);
            }
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
        boolean refused = evidence.connectionFailures() > state.seenBy(node).connectionFailures();
        if (refused && !state.odd.contains(node) && now - state.hearsayAt >= HEARSAY_MILLIS) {
            state.hearsayAt = now;
            state.cell.suspect();
        }
        saw(state, node, evidence);
    }

    /** As {@link #heard}, or this one's own; decides if this node is the owner. */
    void saw(TargetState state, long node, Evidence evidence) {
        boolean refused = evidence.connectionFailures() > state.seenBy(node).connectionFailures();
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
            connect(state, upstream, connect.failure(), connect.finder());
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
        Failure failure = state.seenBy(finder).tcpFailures() > 0 ? Failure.TCP : Failure.CONNECT_TIMEOUT;
        String detail = summary(state, failure);
        Doubt doubt = new Doubt(state, Question.GLANCE, failure, finder, detail, List.of(connector(state)));
        doubts.askToConnect(scope.self(), doubt, upstream);
    }

    /** This node's connections have ended: whether there are others to be had is tried where probes can bring back what is down. */
    private void left(TargetState state) {
        if (scope.owns(state) && state.doubt == 0 && table.isUp(state.address())) {
            scope.upstream(state)
                    .filter(upstream -> upstream.checks().active().heals())
                    .ifPresent(upstream -> findAgain(state, upstream));
        }
    }

    /** It may be this node's own trouble, so the second tries first. */
    private void findAgain(TargetState state, WatchedUpstream upstream) {
        String detail = "kept connections ended, " + (state.glances + 1) + " further failed";
        boolean second = state.owners.second() != 0 && state.glances % 2 == 0;
        List<Long> connector = List.of(second ? state.owners.second() : scope.self());
        Doubt doubt = new Doubt(state, Question.LEFT, Failure.TCP, scope.self(), detail, connector);
        doubts.askToConnect(scope.self(), doubt, upstream);
    }

    /**
     * What was tried because of a failed connection, or of many that ended, has failed, too: it counts as one more where probes can
     * bring back what is taken for down too soon. What has been seen meanwhile was not judged yet.
     */
    private void glanced(TargetState state, Doubt doubt, boolean alive) {
        WatchedUpstream upstream = scope.upstream(state).orElse(null);
        if (upstream == null || !scope.owns(state)) {
            return;
        }
        state.glances = alive ? 0 : state.glances + 1;
        int limit = upstream.checks().passive().unhealthy().limit(doubt.failure);
        int failures = state.unexplained().values().stream()
                .mapToInt(seen -> seen.failures(doubt.failure.counted()))
                .sum();
        int tried = upstream.checks().active().heals() ? state.glances : 0;
        boolean left = doubt.question == Question.LEFT;
        if (!alive && (left || failures > 0) && limit > 0 && failures + tried >= limit) {
            String detail = left ? doubt.detail : summary(state, doubt.failure);
            rulings.found(state, false, doubt.cause(), doubt.finder, detail);
        } else if (!alive && left && tried > 0 && limit > 0) {
            findAgain(state, upstream);
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
        doubts.askToConnect(scope.self(), doubt, upstream);
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
        } else if (doubt.isAhead()) {
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
            case GLANCE, LEFT -> glanced(state, doubt, true);
            case RECOVERY -> probes.recovered(state, doubt);
        }
    }

    /** Those whose requests have seen enough failures of a kind to keep away. */
    private Set<Long> failing(TargetState state, Failure failure) {
        int limit = scope.upstream(state)
                .map(upstream -> upstream.checks().passive().unhealthy().limit(failure))
                .filter(most -> most > 0)
                .orElse(Integer.MAX_VALUE);
        return state.seen.entrySet().stream()
                .filter(node -> node.getValue().failures(failure.counted()) >= limit)
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

    /** A probe that was due has a result. */
    void probed(TargetState state, Active how, Finding finding, String detail) {
        probes.probed(state, how, finding, detail);
    }
}
