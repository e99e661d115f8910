package io.sluice.state.health;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the keeper remembers of one address. One thread. */
final class TargetState {

    final TargetCell cell;

    /** What each node's requests have seen, if this node is the owner. */
    final Map<Long, Evidence> seen = new HashMap<>();

    /** Those of them who know that they are the only ones. */
    final Set<Long> odd = new HashSet<>();

    /** When this node tries again what it alone keeps away from. */
    final OwnTrial trial = new OwnTrial();

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
    /** Failed connections of this node's requests, as of the last look. */
    int refusals;
    /** Connections that were tried because of some, and failed as well. */
    int glances;
    /** When others last made this node suspect it, in agreed milliseconds. */
    long hearsayAt;
    /** Own opinion as it was told last. */
    OwnOpinion own = OwnOpinion.NONE;

    /** What was said by hand and could not be told. */
    Marks.@Nullable Said said;

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

    /** What is not known to be one node's own trouble. */
    Map<Long, Evidence> unexplained() {
        return odd.isEmpty()
                ? seen
                : seen.entrySet().stream()
                        .filter(node -> !odd.contains(node.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    Evidence seenBy(long node) {
        return seen.getOrDefault(node, Evidence.NONE);
    }

    boolean hasFailures(long node) {
        return seenBy(node).hasFailures();
    }

    /** Nothing is known of what nodes have seen. */
    void unsee() {
        seen.clear();
        odd.clear();
    }

    /** After a new finding all counting begins anew. */
    void reset() {
        cell.reset();
        unsee();
        probes = Evidence.NONE;
        refusals = 0;
        glances = 0;
        misses = 0;
        secondSuccesses = 0;
        settled = true;
    }
}
