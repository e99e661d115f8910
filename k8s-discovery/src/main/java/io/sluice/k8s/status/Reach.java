package io.sluice.k8s.status;

import java.util.Map;

/**
 * How far configurations have come among the nodes.
 *
 * @param nodes how many there are, at least 1
 * @param live the hash of what is live, by node; who has not said it yet is missing
 */
public record Reach(int nodes, Map<Long, String> live) {

    public Reach {
        live = Map.copyOf(live);
    }
}
