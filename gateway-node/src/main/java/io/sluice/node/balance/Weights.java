package io.sluice.node.balance;

/**
 * What share of the requests each target is to get. While a target starts slowly its weight grows evenly from a tenth to its
 * full, as in Envoy and nginx; all targets that start at the same time keep their weights among themselves.
 */
final class Weights {

    private static final double LEAST_SHARE = 0.1;

    private final int[] full;
    private final TargetLoad[] loads;
    private final long slowStart;

    /**
     * @param full of the targets, 0 to 65535; 0 is never picked
     * @param slowStart how long a weight grows, in nanoseconds; 0 for not at all
     */
    Weights(int[] full, TargetLoad[] loads, long slowStart) {
        this.full = full.clone();
        this.loads = loads.clone();
        this.slowStart = slowStart;
    }

    /** Weights that never change. */
    static Weights of(int... full) {
        return new Weights(full, new TargetLoad[0], 0);
    }

    int count() {
        return full.length;
    }

    int full(int target) {
        return full[target];
    }

    /** Whether a target may be picked at all. */
    boolean some(int target) {
        return full[target] > 0;
    }

    /** The weight at a time; above 0 if {@link #some}. */
    double at(int target, long now) {
        return full[target] * share(target, now);
    }

    /** How much of its weight a target has at a time: a tenth to 1. */
    double share(int target, long now) {
        if (slowStart == 0) {
            return 1;
        }
        double grown = loads[target].age(now) / (double) slowStart;
        return grown >= 1 ? 1 : Math.max(LEAST_SHARE, grown);
    }
}
