package io.sluice.node.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The target with the fewest requests under way for its weight: the least (requests + 1) / weight, and in turn where that is
 * equal. Counts are the node's own and atomic; two loops that pick at the same instant may pick the same target.
 */
public final class LeastConnections implements Balancer {

    private final AtomicInteger turn;
    private final TargetLoad[] loads;
    private final int[] weights;

    /**
     * @param turn where the search begins, moved by every pick
     * @param loads of the targets
     * @param weights of the targets, 0 to 65535; 0 is never picked
     */
    public LeastConnections(AtomicInteger turn, TargetLoad[] loads, int... weights) {
        this.turn = turn;
        this.loads = loads.clone();
        this.weights = weights.clone();
    }

    @Override
    public int pick(Candidates candidates) {
        int targets = weights.length;
        int start = targets == 0 ? 0 : (turn.getAndIncrement() & Integer.MAX_VALUE) % targets;
        int best = NONE;
        long least = 0;
        for (int i = 0; i < targets; i++) {
            int target = start + i < targets ? start + i : start + i - targets;
            if (weights[target] > 0 && candidates.usable(target)) {
                long load = loads[target].active() + 1L;
                if (best == NONE || load * weights[best] < least * weights[target]) {
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
