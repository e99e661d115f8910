package io.sluice.state.health;

import java.util.HashMap;
import java.util.Map;

/** What the keeper remembers of one address. One thread. */
final class TargetState {

    final TargetCell cell;

    /** What each node's requests have seen, if this node is the owner. */
    final Map<Long, Evidence> seen = new HashMap<>();

    Owners owners = Owners.NONE;
    /** What this node's probes have seen. */
    Evidence probes = Evidence.NONE;

    String lastProbe = "";
    /** Number of what is being found out, 0 for nothing. */
    long doubt;
    /** Probes of a target that is down which the owner could not reach. */
    int misses;
    /** Successes of the second in the meantime. */
    int secondSuccesses;
    /** Own opinion as it was told last. */
    OwnOpinion own = OwnOpinion.NONE;

    /** Whether the owner knows what this node holds against it. */
    boolean settled = true;
    /** Until when somebody else is interested in it, in agreed milliseconds. */
    long wantedUntil;
    /** When it was last in a watched upstream, likewise. */
    long watchedAt;

    boolean watched;

    TargetState(TargetCell cell) {
        this.cell = cell;
    }

    TargetAddress address() {
        return cell.address();
    }

    /** After a new finding all counting begins anew. */
    void reset() {
        cell.reset();
        seen.clear();
        probes = Evidence.NONE;
        misses = 0;
        secondSuccesses = 0;
        settled = true;
    }
}
