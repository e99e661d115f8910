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
     * What an upstream says of balancing.
     *
     * @param slots for consistent hashing
     * @param balanceFactor for consistent hashing, in percent; 0 for no bound
     * @param slowStart in nanoseconds
     */
    public record Plan(String upstream, Upstream.Algorithm algorithm, int slots, int balanceFactor, long slowStart) {

        public static Plan of(Upstream upstream) {
            return new Plan(
                    upstream.name(),
                    upstream.algorithm(),
                    upstream.slots(),
                    upstream.options().hashBalanceFactor(),
                    (long) (upstream.options().slowStart() * 1e9));
        }
    }

    /**
     * A balancer over these targets, by their place in the list.
     *
     * @param turn moved by every pick of the algorithms that take turns
     */
    public static Balancer of(Plan plan, List<Member> members, AtomicInteger turn) {
        List<String> names = members.stream().map(Member::name).toList();
        int[] full = members.stream().mapToInt(Member::weight).toArray();
        TargetLoad[] loads = members.stream().map(Member::load).toArray(TargetLoad[]::new);
        Weights weights = new Weights(full, loads, plan.slowStart());
        return switch (plan.algorithm()) {
            case ROUND_ROBIN -> new RoundRobin(turn, weights);
            case LEAST_CONNECTIONS -> new LeastConnections(turn, loads, weights);
            case CONSISTENT_HASHING ->
                new ConsistentHashing(
                        plan.slots(),
                        names,
                        full,
                        plan.balanceFactor() == 0 ? null : new LoadBound(loads, full, plan.balanceFactor()));
            case LATENCY -> new LowestLatency(turn, loads, weights);
            case POWER_OF_TWO_CHOICES -> new PowerOfTwoChoices(turn, loads, weights);
            case STICKY_SESSIONS -> new StickySessions(plan.upstream(), names, weights, new RoundRobin(turn, weights));
        };
    }
}
