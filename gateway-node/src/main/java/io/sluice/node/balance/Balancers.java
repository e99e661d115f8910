package io.sluice.node.balance;

import io.sluice.state.model.Upstream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The algorithms by their names in the configuration. */
public final class Balancers {

    private Balancers() {}

    /**
     * A target as balancing sees it.
     *
     * @param name host and port as configured
     * @param weight 0 to 65535; 0 is never picked
     */
    public record Member(String name, int weight, TargetLoad load) {}

    /**
     * A balancer over these targets, by their place in the list.
     *
     * @param slots for consistent hashing
     * @param turn moved by every pick of the algorithms that take turns
     */
    public static Balancer of(Upstream.Algorithm algorithm, int slots, List<Member> members, AtomicInteger turn) {
        int[] weights = members.stream().mapToInt(Member::weight).toArray();
        TargetLoad[] loads = members.stream().map(Member::load).toArray(TargetLoad[]::new);
        return switch (algorithm) {
            case ROUND_ROBIN -> new RoundRobin(turn, weights);
            case LEAST_CONNECTIONS -> new LeastConnections(turn, loads, weights);
            case CONSISTENT_HASHING ->
                new ConsistentHashing(slots, members.stream().map(Member::name).toList(), weights);
            case LATENCY -> new LowestLatency(turn, loads, weights);
        };
    }
}
