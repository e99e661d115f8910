package io.sluice.k8s.watch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses between tries: doubling up to a limit, each a little shorter by chance so that nodes do not try in step. Thread-safe. */
final class BackOff {

    private static final int MOST_DOUBLINGS = 20;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    BackOff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** The pause after one more failure, from half to all of its full length. */
    synchronized Duration next() {
        long full = Math.min(longest.toMillis(), first.toMillis() << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        return jittered(Duration.ofMillis(full), random);
    }

    /** Failures in a row. */
    synchronized int failures() {
        return failures;
    }

    synchronized void reset() {
        failures = 0;
    }

    /** From half to all of a time. */
    static Duration jittered(Duration full, RandomGenerator random) {
        long millis = full.toMillis();
        return Duration.ofMillis(millis - random.nextLong(millis / 2 + 1));
    }
}
