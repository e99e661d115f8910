package io.sluice.node.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Weighted round-robin: a wheel in which each target stands as often as its weight says, spread as evenly as can be (nginx's
 * smooth order), and a pointer that all event loops share, so that the node as a whole keeps to the order.
 *
 * <p>A place whose target cannot be used is skipped and its turn is lost: over a revolution the others keep their weights among
 * themselves. (Giving the turn to the next place without moving on would favour whoever stands behind the missing one.) After a
 * few places in vain the rest is drawn by weight, so that the time does not grow with the wheel. A target that starts slowly
 * is skipped as often as its weight lacks.
 */
public final class RoundRobin implements Balancer {

    private static final int LARGEST_WHEEL = 1 << 16;
    private static final int TURNS = 16;

    private final Weights weights;
    private final int[] places;
    private final int[] wheel;
    private final AtomicInteger next;

    /**
     * @param turn the pointer, moved by every pick; it may outlive this object and go on with other weights
     * @param weights beyond a wheel of 65536 places they are rounded
     */
    RoundRobin(AtomicInteger turn, Weights weights) {
        this.next = turn;
        this.weights = weights;
        this.places = scaled(weights);
        this.wheel = wheel(places);
    }

    @Override
    public int pick(Candidates candidates) {
        if (wheel.length == 0) {
            return NONE;
        }
        int turn = 0;
        for (int i = 0; i < TURNS; i++) {
            turn = next.getAndIncrement();
            int target = wheel[(turn & Integer.MAX_VALUE) % wheel.length];
            if (candidates.usable(target) && takes(target, turn, candidates.now())) {
                return target;
            }
        }
        return drawn(candidates, turn);
    }

    /** Whether a target takes its turn: always if it has its full weight. */
    private boolean takes(int target, int turn, long now) {
        double share = weights.share(target, now);
        return share >= 1 || fraction(turn) < share;
    }

    private int drawn(Candidates candidates, int turn) {
        long now = candidates.now();
        double total = 0;
        for (int i = 0; i < places.length; i++) {
            total += candidates.usable(i) ? places[i] * weights.share(i, now) : 0;
        }
        double place = total * fraction(turn);
        int last = NONE;
        for (int i = 0; i < places.length && place >= 0; i++) {
            if (places[i] > 0 && candidates.usable(i)) {
                last = i;
                place -= places[i] * weights.share(i, now);
            }
        }
        return last;
    }

    /** As if drawn by lot for the turn, from 0 to below 1. */
    private static double fraction(int turn) {
        return (KeyHash.of((long) turn) >>> 11) * 0x1p-53;
    }

    private static int[] scaled(Weights weights) {
        long total = 0;
        int divisor = 0;
        int[] result = new int[weights.count()];
        for (int i = 0; i < result.length; i++) {
            result[i] = weights.full(i);
            total += result[i];
            divisor = greatestCommonDivisor(result[i], divisor);
        }
        long places = divisor == 0 ? 0 : total / divisor;
        for (int i = 0; i < result.length && divisor > 0; i++) {
            long share = result[i] / divisor;
            boolean round = places > LARGEST_WHEEL && share > 0;
            result[i] = (int) (round ? Math.max(1, (share * LARGEST_WHEEL + places / 2) / places) : share);
        }
        return result;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private static int[] wheel(int[] weights) {
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        int[] wheel = new int[total];
        int[] current = new int[weights.length];
        for (int place = 0; place < total; place++) {
            int best = NONE;
            for (int i = 0; i < weights.length; i++) {
                current[i] += weights[i];
                if (weights[i] > 0 && (best < 0 || current[i] > current[best])) {
                    best = i;
                }
            }
            current[best] -= total;
            wheel[place] = best;
        }
        return wheel;
    }
}
