package io.sluice.node.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The less busy of two targets drawn by lot, each as likely as the other: the least (requests under way + 1) / weight
 * (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing"). Nearly as even as asking all, without the herd: nodes
 * and loops that pick at the same instant do not all pick the one that was idle. Costs two looks whatever the number of targets.
 */
final class PowerOfTwoChoices implements Balancer {

    /** So many draws may hit a target that cannot be used, or the same one twice, before all are looked at. */
    private static final int DRAWS = 8;

    private final AtomicInteger turn;
    private final TargetLoad[] loads;
    private final Weights weights;

    /**
     * @param turn what lots are drawn by, moved by every draw
     * @param loads of the targets
     */
    PowerOfTwoChoices(AtomicInteger turn, TargetLoad[] loads, Weights weights) {
        this.turn = turn;
        this.loads = loads.clone();
        this.weights = weights;
    }

    @Override
    public int pick(Candidates candidates) {
        int targets = weights.count();
        int first = NONE;
        for (int i = 0; i < DRAWS && targets > 1; i++) {
            int drawn = below(targets);
            if (drawn != first && usable(drawn, candidates)) {
                if (first != NONE) {
                    return better(first, drawn, candidates.now());
                }
                first = drawn;
            }
        }
        return ofThoseLeft(candidates);
    }

    /** The better of two where few can be used. */
    private int ofThoseLeft(Candidates candidates) {
        int left = 0;
        for (int i = 0; i < weights.count(); i++) {
            left += usable(i, candidates) ? 1 : 0;
        }
        if (left == 0) {
            return NONE;
        }
        int place = below(left);
        int first = at(place, candidates);
        if (left == 1 || first == NONE) {
            return first;
        }
        int second = at((place + 1 + below(left - 1)) % left, candidates);
        return second == NONE ? first : better(first, second, candidates.now());
    }

    /** The target at a place among those that can be used; {@link #NONE} if there are fewer by now. */
    private int at(int place, Candidates candidates) {
        int before = 0;
        for (int i = 0; i < weights.count(); i++) {
            if (usable(i, candidates) && before++ == place) {
                return i;
            }
        }
        return NONE;
    }

    private boolean usable(int target, Candidates candidates) {
        return weights.some(target) && candidates.usable(target);
    }

    private int better(int first, int second, long now) {
        double one = (loads[first].active() + 1) / weights.at(first, now);
        double other = (loads[second].active() + 1) / weights.at(second, now);
        return other < one ? second : first;
    }

    private int below(int bound) {
        long lot = KeyHash.of((long) turn.getAndIncrement());
        return (int) ((lot >>> 32) * bound >>> 32);
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
