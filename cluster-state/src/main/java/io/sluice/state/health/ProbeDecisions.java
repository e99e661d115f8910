package io.sluice.state.health;

import io.sluice.state.health.Doubt.Question;
import io.sluice.state.health.Healthchecks.Active;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What follows from the results of probes that were due. One thread. */
final class ProbeDecisions {

    /** Of probes that the owner misses while an address is down, each such one is tried by the second as well. */
    private static final int SECOND_LOOK = 3;

    private final HealthScope scope;
    private final HealthTable table;
    private final Doubts doubts;
    private final Rulings rulings;
    private final Consumer<TargetState> comeBack;

    /** @param comeBack uses again what this node alone kept away from */
    ProbeDecisions(HealthScope scope, Doubts doubts, Rulings rulings, Consumer<TargetState> comeBack) {
        this.scope = scope;
        this.table = scope.table;
        this.doubts = doubts;
        this.rulings = rulings;
        this.comeBack = comeBack;
    }

    /** The second has reached what the owner does not. */
    void recovered(TargetState state, Doubt doubt) {
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
                comeBack.accept(state);
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
        } else if (reached) {
            doubt(state, upstream, failure, detail);
        }
    }

    /** Before the owner believes its own probes it asks the second. */
    void doubt(TargetState state, WatchedUpstream upstream, Failure failure, String detail) {
        long second = state.owners.second();
        if (second == 0) {
            rulings.found(state, false, Cause.probes(failure), scope.self(), detail);
        } else {
            doubts.askForProbe(
                    scope.self(),
                    new Doubt(state, Question.PROBES, failure, scope.self(), detail, List.of(second)),
                    upstream,
                    upstream.checks().active());
        }
    }
}
