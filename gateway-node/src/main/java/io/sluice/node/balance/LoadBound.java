package io.sluice.node.balance;

/**
 * The most requests that a target may carry at a time: so many percent of its even share by weight of what all usable targets
 * carry, the new request included, rounded up (Mirrokni, Thorup, Zadimoghaddam: "Consistent Hashing with Bounded Loads"; HAProxy's
 * hash-balance-factor). Since it is above 100 percent some target always has room. Counts are the node's own.
 */
final class LoadBound {

    private static final double ROUNDING = 1e-9;

    private final TargetLoad[] loads;
    private final int[] weights;
    private final double factor;

    /** @param percent above 100 */
    LoadBound(TargetLoad[] loads, int[] weights, int percent) {
        this.loads = loads.clone();
        this.weights = weights.clone();
        this.factor = percent / 100.0;
    }

    /** The most that a target may carry now for each of its weight. */
    double perWeight(Candidates candidates) {
        long active = 1;
        long weight = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0 && candidates.usable(i)) {
                active += loads[i].active();
                weight += weights[i];
            }
        }
        return factor * active / weight;
    }

    boolean hasRoom(int target, double perWeight) {
        return loads[target].active() < perWeight * weights[target] - ROUNDING;
    }

    void started(int target) {
        loads[target].started();
    }

    void ended(int target) {
        loads[target].ended();
    }
}
