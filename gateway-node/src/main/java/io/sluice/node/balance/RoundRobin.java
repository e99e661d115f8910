package io.sluice.node.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Weighted round-robin: a wheel in which each target stands as often as its weight says, spread as evenly as can be (nginx's
 * smooth order), and a pointer that all event loops share.
 */
public final class RoundRobin implements Balancer {

    private static final int LARGEST_WHEEL = 1 << 16;

    private final int[] wheel;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * @param weights of the targets, 0 to 65535; 0 is never picked. Beyond a wheel of 65536 places weights are rounded.
     */
    public RoundRobin(int... weights) {
        wheel = wheel(scaled(weights));
    }

    @Override
    public int pick(int attempt) {
        if (wheel.length == 0) {
            return NONE;
        }
        int turn = next.getAndIncrement() & Integer.MAX_VALUE;
        return wheel[turn % wheel.length];
    }

    private static int[] scaled(int[] weights) {
        long total = 0;
        int divisor = 0;
        for (int weight : weights) {
            total += weight;
            divisor = greatestCommonDivisor(weight, divisor);
        }
        int[] result = weights.clone();
        long places = divisor == 0 ? 0 : total / divisor;
        for (int i = 0; i < result.length && divisor > 0; i++) {
            long share = result[i] / divisor;
            boolean round = places > LARGEST_WHEEL && share > 0;
            result[i] = (int) (round ? Math.max(1, share * LARGEST_WHEEL / places) : share);
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
            int best = -1;
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
