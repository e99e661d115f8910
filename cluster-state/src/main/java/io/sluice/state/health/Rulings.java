package io.sluice.state.health;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Puts into force what is found: verdicts, which hold for all, and what this node holds for itself. One thread. */
final class Rulings {

    private final HealthScope scope;
    private final HealthTable table;
    private final HealthEffects effects;
    private final Doubts doubts;

    Rulings(HealthScope scope, Doubts doubts) {
        this.scope = scope;
        this.table = scope.table;
        this.effects = scope.effects;
        this.doubts = doubts;
    }

    /** Decides for all. */
    void found(TargetState state, boolean up, Cause cause, long finder, String detail) {
        if (scope.acts()) {
            long now = scope.now();
            long version = table.verdict(state.address())
                    .map(before -> Math.max(before.version() + 1, now))
                    .orElse(now);
            announce(new Verdict(state.address(), version, up, cause, finder, now, detail));
        }
    }

    /** Confirms that what is down still is, so that it does not expire. */
    void confirmDown(Verdict verdict) {
        announce(verdict.confirmed(scope.now()));
    }

    /** A verdict holds no more. */
    void expire(Verdict verdict) {
        table.expire(verdict);
        TargetCell cell = table.known(verdict.address());
        if (!verdict.up() && cell != null) {
            effects.reassign(verdict.address().upstream());
            effects.changed(new HealthChange(
                    verdict.address(), cell.usable(), true, Cause.FORGOTTEN, scope.self(), scope.now(), ""));
        }
    }

    private void announce(Verdict verdict) {
        take(verdict);
        HealthMessage message = new HealthMessage.Verdicts(0, List.of(verdict));
        scope.circle().others().forEach(node -> effects.send(node, message));
        effects.replicate(List.of(verdict));
    }

    /** Goes by a verdict from now on, if it is news. */
    void take(Verdict verdict) {
        Optional<Verdict> before = table.verdict(verdict.address());
        if (verdict.version()
                        < scope.now()
                                - Duration.ofSeconds(SharedHealth.KEPT_SECONDS).toMillis()
                || before.map(known -> known.merge(verdict).equals(known)).orElse(false)) {
            return;
        }
        table.put(verdict);
        boolean fresh = before.map(known -> !known.saysLike(verdict)).orElse(!verdict.up() || verdict.isManual());
        TargetState state = scope.known(verdict.address()).orElse(null);
        if (!fresh || state == null) {
            return;
        }
        doubts.end(state);
        state.reset();
        boolean newest = Marks.isNewer(verdict, state.said);
        if (newest && (scope.acts() || verdict.isManual())) {
            state.said = null;
            state.cell.own(OwnOpinion.NONE);
            state.own = OwnOpinion.NONE;
            state.trial.end(scope.now());
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

    /** Holds for this node only. */
    void own(TargetState state, OwnOpinion opinion, Cause cause, String detail) {
        state.cell.own(opinion);
        noteOwn(state, cause, detail);
    }

    /** What this node holds for itself may have changed: if it has, it is told. */
    void noteOwn(TargetState state, Cause cause, String detail) {
        OwnOpinion own = state.cell.own();
        if (own != state.own) {
            if (own == OwnOpinion.DOWN) {
                state.trial.begin(scope.now());
            } else if (state.own == OwnOpinion.DOWN) {
                state.trial.end(scope.now());
            }
            if (cause != Cause.MANUAL) {
                state.said = null; // it has been found out meanwhile
            }
            state.own = own;
            state.probes = Evidence.NONE;
            state.settled = own != OwnOpinion.DOWN;
            effects.reassign(state.address().upstream());
            effects.changed(new HealthChange(
                    state.address(), state.cell.usable(), false, cause, scope.self(), scope.now(), detail));
        }
    }
}
