package io.sluice.node.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The target that is likely to respond soonest: the least latency x (requests under way + 1) / weight, with the latency of
 * {@link TargetLoad}. One that has not responded yet counts as the mean of the others, so that a new target is neither flooded
 * nor starved. A target that starts slowly counts with the weight it has so far.
 */
public final class LowestLatency implements Balancer {

    private final AtomicInteger turn;
    private final TargetLoad[] loads;
    private final Weights weights;

    /**
     * @param turn where the search begins, moved by every pick
     * @param loads of the targets
     */
    LowestLatency(AtomicInteger turn, TargetLoad[] loads, Weights weights) {
        this.turn = turn;
        this.loads = loads.clone();
        this.weights = weights;
    }

    @Override
    public int pick(Candidates candidates) {
        int targets = weights.count();
        int start = targets == 0 ? 0 : (turn.getAndIncrement() & Integer.MAX_VALUE) % targets;
        long now = candidates.now();
        double mean = 0;
        int best = NONE;
        double least = 0;
        for (int i = 0; i < targets; i++) {
            int target = start + i < targets ? start + i : start + i - targets;
            if (weights.some(target) && candidates.usable(target)) {
                double latency = loads[target].latency(now);
                if (latency == 0) {
                    mean = mean == 0 ? mean(now) : mean;
                    latency = mean;
                }
                double score = latency * (loads[target].active() + 1) / weights.at(target, now);
                if (best == NONE || score < least) {
                    best = target;
                    least = score;
                }
            }
        }
        return best;
    }

    /** The mean of what is known; 1 if nothing is. */
    private double mean(long now) {
        double sum = 0;
        int known = 0;
        for (int i = 0; i < loads.length; i++) {
            double latency = weights.some(i) ? loads[i].latency(now) : 0;
            sum += latency;
            known += latency > 0 ? 1 : 0;
        }
        return known == 0 ? 1 : sum / known;
    }

    @Override
    public void started(int target) {
        loads[target].started();
    }

    @Override
    public void ended(int target) {
        loads[target].ended();
    }

    @Override
    public void responded(int target, long nanos, long now) {
        loads[target].responded(nanos, now);
    }

    @Override
    public void failed(int target, long nanos, long now) {
        if (nanos > loads[target].latency(now)) {
            loads[target].responded(nanos, now); // a quick failure is no sign of speed
        }
    }
}
