package io.sluice.state.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Plays the nodes' failure detectors: whoever has not been heard of for three seconds cannot be reached. */
final class FailureDetector {

    private static final int PATIENCE_SECONDS = 3;

    private final Map<Long, Map<Long, Integer>> missed = new HashMap<>();

    /** To be called for each node every second; whether it changes whom the node can reach. */
    boolean second(long node, Set<Long> silent) {
        Set<Long> before = unreachable(node);
        Map<Long, Integer> seconds = missed.computeIfAbsent(node, fresh -> new HashMap<>());
        seconds.keySet().retainAll(silent);
        silent.forEach(other -> seconds.merge(other, 1, Integer::sum));
        return !before.equals(unreachable(node));
    }

    Set<Long> unreachable(long node) {
        return missed.getOrDefault(node, Map.of()).entrySet().stream()
                .filter(other -> other.getValue() >= PATIENCE_SECONDS)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
