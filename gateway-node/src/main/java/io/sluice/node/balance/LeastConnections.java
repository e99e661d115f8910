package io.sluice.node.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The target with the fewest requests under way for its weight: the least (requests + 1) / weight, and in turn where that is
 * equal. Counts are the node's own and atomic; two loops that pick at the same instant may pick the same target. A target that
 * starts slowly counts with the weight it has so far.
 */
public final class LeastConnections implements Balancer {

    private final AtomicInteger turn;
    private final TargetLoad[] loads;
    private final Weights weights;

    /**
     * @param turn where the search begins, moved by every pick
     * @param loads of the targets
     */
    LeastConnections(AtomicInteger turn, TargetLoad[] loads, Weights weights) {
        this.turn = turn;
        this.loads = loads.clone();
        this.weights = weights;
    }

    @Override
    public int pick(Candidates candidates) {
        int targets = weights.count();
        long now = candidates.now();
        int start = targets == 0 ? 0 : (turn.getAndIncrement() & Integer.MAX_VALUE) % targets;
        int best = NONE;
        double least = 0;
        for (int i = 0; i < targets; i++) {
            int target = start + i < targets ? start + i : start + i - targets;
            if (weights.some(target) && candidates.usable(target)) {
                double load = (loads[target].active() + 1) / weights.at(target, now);
                if (best == NONE || load < least) {
                    best = target;
                    least = load;
                }
            }
        }
        return best;
    }

    @Override
    public void started(int target) {
        loads[target].started();
    }

    @Override
    public void ended(int target) {
        loads[target].ended();
    }
}
