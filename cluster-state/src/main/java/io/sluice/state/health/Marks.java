package io.sluice.state.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What people say of targets by hand. It holds for all at once. If the node is out of contact it holds for this node, which tells it
 * to all when it is back, unless somebody has said or found something since. One thread.
 */
final class Marks {

    /** Until what others know has arrived at a node that is back. */
    static final Duration HEARING_TIME = Duration.ofSeconds(2);

    /**
     * What could not be told yet.
     *
     * @param at when it was said, in agreed milliseconds
     */
    record Said(boolean healthy, long at) {}

    private final HealthScope scope;
    private final Rulings rulings;

    Marks(HealthScope scope, Rulings rulings) {
        this.scope = scope;
        this.rulings = rulings;
    }

    /** Somebody says what it is. */
    void mark(TargetState state, boolean healthy) {
        state.said = null;
        if (scope.acts()) {
            rulings.found(state, healthy, Cause.MANUAL, scope.self(), "");
            return;
        }
        state.reset();
        boolean agrees = scope.table.isUp(state.address()) == healthy;
        OwnOpinion own = agrees ? OwnOpinion.NONE : healthy ? OwnOpinion.UP : OwnOpinion.DOWN;
        rulings.own(state, own, Cause.MANUAL, "out of contact: told to all when that is over");
        state.trial.never();
        state.said = new Said(healthy, scope.now());
    }

    /** This node is in contact, and has had the time to hear what the others know: the newest word counts. */
    void tell(TargetState state) {
        Said said = state.said;
        if (said == null) {
            return;
        }
        state.said = null;
        if (isNewer(scope.table.verdict(state.address()).orElse(null), said)) {
            rulings.own(
                    state, OwnOpinion.NONE, Cause.CONTACT, "what was said by hand is older than the cluster's verdict");
        } else {
            rulings.found(state, said.healthy(), Cause.MANUAL, scope.self(), "said out of contact");
        }
    }

    static boolean isNewer(@Nullable Verdict verdict, @Nullable Said said) {
        return verdict != null && (said == null || verdict.since() > said.at());
    }
}
