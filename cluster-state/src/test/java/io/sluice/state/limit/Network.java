package io.sluice.state.limit;

import java.util.Random;

/**
 * What a network does to a message.
 *
 * @param loss how likely it is lost
 * @param duplicates how likely it comes twice
 * @param slow how likely it takes some milliseconds longer
 * @param baseMicros how long it takes at least
 */
record Network(double loss, double duplicates, double slow, long baseMicros) {

    static final Network GOOD = new Network(0, 0, 0.01, 300);
    static final Network BAD = new Network(0.05, 0.05, 0.05, 300);

    /** How many microseconds a message takes. */
    long latency(Random random) {
        double micros = baseMicros + exponential(random, 200);
        if (random.nextDouble() < slow) {
            micros += exponential(random, 4000);
        }
        return (long) micros;
    }

    static double exponential(Random random, double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }
}
