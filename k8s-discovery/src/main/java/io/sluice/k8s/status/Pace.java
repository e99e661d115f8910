package io.sluice.k8s.status;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How fast the API server is written to: some requests at once, then so many each second, and none for a while after it did not
 * answer as it should. Times are nanoseconds of one clock. Not thread-safe.
 */
final class Pace {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long FIRST_PAUSE = SECOND;
    private static final long LONGEST_PAUSE = Duration.ofSeconds(60).toNanos();

    private final double burst;
    private final double perSecond;
    private final RandomGenerator random;
    private double allowed;
    private long filled;
    private long pausedUntil;
    private int failures;

    Pace(int burst, int perSecond, RandomGenerator random, long now) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.random = random;
        this.allowed = burst;
        this.filled = now;
        this.pausedUntil = now;
    }

    /** Takes the right to one request if there is one. */
    boolean take(long now) {
        if (pausedUntil - now > 0) {
            return false;
        }
        allowed = Math.min(burst, allowed + perSecond * (now - filled) / SECOND);
        filled = now;
        if (allowed < 1) {
            return false;
        }
        allowed--;
        return true;
    }

    void succeeded() {
        failures = 0;
    }

    /** Pauses, twice as long each time up to a minute, each a little shorter by chance. */
    void failed(long now) {
        long full = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, 10));
        failures++;
        pausedUntil = now + full - random.nextLong(full / 4);
    }
}
