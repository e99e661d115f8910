package io.sluice.state.rollout;

import java.util.Map;

/**
 * How far configurations have come at one moment. Immutable.
 *
 * @param nodes how many nodes take part: those that are up, this one in any case
 * @param live the hash of the configuration that is live, by the id of the node; nodes that have not said anything yet are missing
 */
public record Rollout(int nodes, Map<Long, String> live) {

    public Rollout {
        live = Map.copyOf(live);
    }
}
