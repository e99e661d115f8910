package io.sluice.state.health;

import io.sluice.state.health.Doubt.Question;
import io.sluice.state.health.HealthMessage.Notice;
import io.sluice.state.health.HealthMessage.OddOneOut;
import io.sluice.state.health.Healthchecks.Active;
import io.sluice.state.health.Healthchecks.Passive;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
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

    private final HealthTable table;
    private final HealthEffects effects;
    private final LongSupplier agreedMillis;
    private final BooleanSupplier inContact;
    private final Map<TargetAddress, TargetState> states = new HashMap<>();
    private final Doubts doubts;
    private Circle circle = new Circle(0, false, List.of());

    HealthDecisions(HealthTable table, HealthEffects effects, LongSupplier agreedMillis, BooleanSupplier inContact) {
        this.table = table;
        this.effects = effects;
        this.agreedMillis = agreedMillis;
        this.inContact = inContact;
        this.doubts = new Doubts(table, effects, this::confirm, this::deny);
    }

    /** What is being found out. */
    Doubts doubts() {
        return doubts;
    }

    /** Whether this node takes part in what the cluster decides. */
    boolean acts() {
        return circle.belongs() && inContact.getAsBoolean();
    }

    Circle circle() {
        return circle;
    }

    Collection<TargetState> states() {
        return states.values();
    }

    long now() {
        return agreedMillis.getAsLong();
    }

    TargetState state(TargetAddress address) {
        return states.computeIfAbsent(address, fresh -> {
            TargetState state = new TargetState(table.cell(fresh));
            state.owners = circle.owners(fresh);
            state.watchedAt = now();
            return state;
        });
    }

    void drop(TargetState state) {
        doubts.end(state);
        states.remove(state.address());
        table.drop(state.address());
    }

    private boolean owns(TargetState state) {
        return state.owners.owner() == circle.self();
    }

    private Optional<WatchedUpstream> upstream(TargetState state) {
        return table.upstream(state.address().upstream());
    }

    /** Other members, so perhaps other owners. */
    void circle(Circle next) {
        circle = next;
        for (TargetState state : states.values()) {
            state.seen.keySet().removeIf(node -> !next.has(node));
            state.odd.retainAll(state.seen.keySet());
            Owners owners = next.owners(state.address());
            if (!owners.equals(state.owners)) {
                state.owners = owners;
                state.unsee();
                look(state);
                if (!owns(state)) {
                    effects.tellSoon(state);
                }
            }
        }
        table.upstreams().forEach(upstream -> effects.reassign(upstream.name()));
    }

    /** This node has come into contact or lost it; what was being found out is found out anew, if it is still in doubt. */
    void contactChanged() {
        doubts.clear();
        boolean acts = acts();
        for (TargetState state : states.values()) {
            state.settled = state.cell.own() != OwnOpinion.DOWN;
            if (!acts) {
                state.unsee();
                continue;
            }
            if (state.cell.own() == OwnOpinion.UP) {
                own(state, OwnOpinion.NONE, Cause.CONTACT, "in contact again: the verdict of the cluster holds");
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
        int successes = upstream(state)
                .map(upstream -> upstream.checks().passive().healthy().successes())
                .orElse(0);
        boolean healed = successes > 0 && evidence.successes() >= successes;
        if (healed && cell.own() == OwnOpinion.DOWN) {
            comeBack(state, Cause.TRAFFIC_SUCCEEDED, "");
        } else if (acts() && owns(state)) {
            saw(state, circle.self(), evidence);
        } else if (acts() && (healed || flipped)) {
            tellOwner(state);
        } else if (acts()) {
            effects.tellSoon(state);
        }
        if (own == cell.own()) { // otherwise it is told again
            noteOwn(state, Cause.traffic(cell.flippedBy()), Evidence.summary(cell.flippedBy(), List.of(evidence)));
        }
    }

    private void tellOwner(TargetState state) {
        Notice notice = new Notice(state.address(), state.cell.evidence());
        effects.send(state.owners.owner(), new HealthMessage.Seen(0, List.of(notice)));
    }

    /** A node has told this one, the owner, what its requests have seen. */
    void saw(TargetState state, long node, Evidence evidence) {
        if (evidence.equals(Evidence.NONE)) {
            state.seen.remove(node);
            state.odd.remove(node);
        } else if (evidence.equals(state.seen.put(node, evidence)) && state.odd.contains(node)) {
            tellOdd(state, node); // it may not have heard
        } else {
            state.odd.remove(node);
            if (acts() && owns(state) && state.doubt == 0) {
                upstream(state).ifPresent(upstream -> judge(state, upstream));
            }
        }
    }

    private void judge(TargetState state, WatchedUpstream upstream) {
        Passive rules = upstream.checks().passive();
        Judgement judgement = Judgement.of(rules, table.isUp(state.address()), state.unexplained());
        if (judgement instanceof Judgement.Heal heal) {
            found(state, true, Cause.TRAFFIC_SUCCEEDED, heal.finder(), "");
        } else if (judgement instanceof Judgement.Condemn condemn) {
            found(state, false, Cause.traffic(condemn.failure()), condemn.finder(), summary(state, condemn.failure()));
        } else if (judgement instanceof Judgement.Connect connect) {
            connect(state, upstream, Failure.TCP, connect.finder());
        } else if (judgement instanceof Judgement.AskOthers ask && ask.failure() == Failure.TIMEOUT) {
            connect(state, upstream, Failure.TIMEOUT, ask.finder()); // perhaps there is nobody
        } else if (judgement instanceof Judgement.AskOthers ask) {
            askOthers(state, ask.failure(), ask.finder(), Set.of(ask.finder()));
        }
    }

    private void connect(TargetState state, WatchedUpstream upstream, Failure failure, long finder) {
        String detail = summary(state, failure);
        if (state.owners.second() == 0) {
            found(state, false, Cause.traffic(failure), finder, detail);
            return;
        }
        Doubt doubt = new Doubt(state, Question.CONNECT, failure, finder, detail, List.of(connector(state)));
        doubts.askForProbe(
                circle.self(), doubt, upstream, upstream.checks().active().connecting(Doubts.CONNECT_TIME));
    }

    /** Who connects: the owner, or somebody else if its own way there is in doubt. */
    private long connector(TargetState state) {
        long self = circle.self();
        boolean fails = state.cell.own() == OwnOpinion.DOWN || state.hasFailures(self);
        if (!fails) {
            return self;
        }
        long second = state.owners.second();
        return LongStream.concat(LongStream.of(second), circle.others().stream().mapToLong(Long::longValue))
                .filter(node -> !state.hasFailures(node))
                .findFirst()
                .orElse(second);
    }

    private static String summary(TargetState state, Failure failure) {
        return Evidence.summary(failure, state.seen.values());
    }

    /** Who has none of these failures is asked for successes. */
    private void askOthers(TargetState state, Failure failure, long finder, Set<Long> failing) {
        List<Long> others =
                circle.others().stream().filter(node -> !failing.contains(node)).toList();
        Doubt doubt = new Doubt(state, Question.VOUCH, failure, finder, summary(state, failure), others);
        if (!failing.contains(circle.self()) && Doubts.vouches(state.cell)) {
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
        } else {
            found(doubt.state, false, doubt.cause(), doubt.finder, doubt.detail);
        }
    }

    /** Somebody else sees it alive. */
    private void deny(Doubt doubt) {
        TargetState state = doubt.state;
        switch (doubt.question) {
            case PROBES -> {
                own(state, OwnOpinion.DOWN, doubt.cause(), doubt.detail);
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
            case RECOVERY -> recovered(state, doubt);
        }
    }

    /** Those whose requests have seen enough failures of a kind to keep away. */
    private Set<Long> failing(TargetState state, Failure failure) {
        int limit = upstream(state)
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
        if (node == circle.self()) {
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
        own(state, OwnOpinion.NONE, cause, detail);
        if (acts() && owns(state)) {
            saw(state, circle.self(), Evidence.NONE);
        } else if (acts()) {
            effects.tellSoon(state);
        }
    }

    /** Nothing can tell but requests whether what this node alone holds against it is over. */
    void tryAgain(TargetState state) {
        comeBack(state, Cause.TRIED_AGAIN, "");
    }

    private void recovered(TargetState state, Doubt doubt) {
        int needed = upstream(state)
                .map(upstream -> upstream.checks().active().healthy().successes())
                .orElse(0);
        if (++state.secondSuccesses >= needed && needed > 0 && !table.isUp(state.address())) {
            found(state, true, Cause.PROBES_SUCCEEDED, doubt.finder, doubt.detail);
            own(state, OwnOpinion.DOWN, doubt.cause(), state.lastProbe);
            state.settled = true;
        }
    }

    /** A probe that was due has a result. */
    void probed(TargetState state, Active how, Finding finding, String detail) {
        state.lastProbe = detail;
        boolean decides = !acts() || owns(state);
        Optional<WatchedUpstream> upstream = upstream(state);
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
        } else if (!up && enough && acts()) {
            if (owns(state)) {
                found(state, true, Cause.PROBES_SUCCEEDED, circle.self(), state.lastProbe);
            }
        } else if (!up && enough && state.cell.own() != OwnOpinion.UP) {
            state.cell.reset();
            own(state, OwnOpinion.UP, Cause.PROBES_SUCCEEDED, state.lastProbe);
        }
    }

    private void probeFailed(TargetState state, WatchedUpstream upstream, Failure failure, String detail) {
        Active active = upstream.checks().active();
        state.probes = state.probes.with(failure);
        boolean reached = state.probes.failures(failure) >= active.unhealthy().limit(failure);
        Cause cause = Cause.probes(failure);
        long second = state.owners.second();
        if (!acts()) {
            if (reached && state.cell.usable()) {
                own(state, OwnOpinion.DOWN, cause, detail);
            }
        } else if (!owns(state) || state.doubt != 0) {
            return;
        } else if (!table.isUp(state.address())) {
            state.misses++;
            if (second != 0 && (state.misses % SECOND_LOOK == 0 || state.secondSuccesses > 0)) {
                doubts.askForProbe(
                        circle.self(),
                        new Doubt(state, Question.RECOVERY, failure, second, "", List.of(second)),
                        upstream,
                        active);
            }
        } else if (reached && second == 0) {
            found(state, false, cause, circle.self(), detail);
        } else if (reached) {
            doubts.askForProbe(
                    circle.self(),
                    new Doubt(state, Question.PROBES, failure, circle.self(), detail, List.of(second)),
                    upstream,
                    active);
        }
    }

    /** Somebody says by hand what it is. */
    void mark(TargetState state, boolean healthy) {
        if (acts()) {
            found(state, healthy, Cause.MANUAL, circle.self(), "");
            return;
        }
        state.reset();
        boolean agrees = table.isUp(state.address()) == healthy;
        own(state, agrees ? OwnOpinion.NONE : healthy ? OwnOpinion.UP : OwnOpinion.DOWN, Cause.MANUAL, "");
        state.trial.never();
    }

    /** Decides for all. */
    private void found(TargetState state, boolean up, Cause cause, long finder, String detail) {
        if (acts()) {
            long now = now();
            long version = table.verdict(state.address())
                    .map(before -> Math.max(before.version() + 1, now))
                    .orElse(now);
            announce(new Verdict(state.address(), version, up, cause, finder, now, detail));
        }
    }

    /** Confirms that what is down still is, so that it does not expire. */
    void confirmDown(Verdict verdict) {
        announce(verdict.confirmed(now()));
    }

    /** A verdict holds no more. */
    void expire(Verdict verdict) {
        table.expire(verdict);
        TargetCell cell = table.known(verdict.address());
        if (!verdict.up() && cell != null) {
            effects.reassign(verdict.address().upstream());
            effects.changed(new HealthChange(
                    verdict.address(), cell.usable(), true, Cause.FORGOTTEN, circle.self(), now(), ""));
        }
    }

    private void announce(Verdict verdict) {
        take(verdict);
        HealthMessage message = new HealthMessage.Verdicts(0, List.of(verdict));
        circle.others().forEach(node -> effects.send(node, message));
        effects.replicate(List.of(verdict));
    }

    /** Goes by a verdict from now on, if it is news. */
    void take(Verdict verdict) {
        Optional<Verdict> before = table.verdict(verdict.address());
        if (verdict.version()
                        < now() - Duration.ofSeconds(SharedHealth.KEPT_SECONDS).toMillis()
                || before.map(known -> known.merge(verdict).equals(known)).orElse(false)) {
            return;
        }
        table.put(verdict);
        boolean fresh = before.map(known -> !known.saysLike(verdict)).orElse(!verdict.up() || verdict.isManual());
        TargetState state = states.get(verdict.address());
        if (!fresh || state == null) {
            return;
        }
        doubts.end(state);
        state.reset();
        if (acts() || verdict.isManual()) {
            state.cell.own(OwnOpinion.NONE);
            state.own = OwnOpinion.NONE;
            state.trial.end(now());
        }
        effects.reassign(verdict.address().upstream());
        if (verdict.isManual() || before.map(Verdict::up).orElse(true) != verdict.up()) {
            effects.changed(new HealthChange(
                    verdict.address(),
                    state.cell.usable(),
                    true,
                    verdict.cause(),
                    verdict.finder(),
                    verdict.since(),
                    verdict.detail()));
        }
    }

    private void own(TargetState state, OwnOpinion opinion, Cause cause, String detail) {
        state.cell.own(opinion);
        noteOwn(state, cause, detail);
    }

    private void noteOwn(TargetState state, Cause cause, String detail) {
        OwnOpinion own = state.cell.own();
        if (own != state.own) {
            if (own == OwnOpinion.DOWN) {
                state.trial.begin(now());
            } else if (state.own == OwnOpinion.DOWN) {
                state.trial.end(now());
            }
            state.own = own;
            state.probes = Evidence.NONE;
            state.settled = own != OwnOpinion.DOWN;
            effects.reassign(state.address().upstream());
            effects.changed(
                    new HealthChange(state.address(), state.cell.usable(), false, cause, circle.self(), now(), detail));
        }
    }
}
