package io.sluice.loadtest;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@link LimitBenchmark} would show if a decision were nothing at all, and if it were a single read of memory that no cache
 * holds: so much of its figures is the clock's and the machine's.
 */
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class LimitFloor {
    /** Of four bytes each: several times as much as a processor's last cache. */
    private static final int PLACES = 1 << 25;

    private int[] next = {};
    private int at;

    /** One cycle through all places in an order that nothing can guess (Sattolo's algorithm). */
    @Setup
    public void shuffle() {
        next = new int[PLACES];
        for (int i = 0; i < PLACES; i++) {
            next[i] = i;
        }
        var random = new SplittableRandom(1);
        for (int i = PLACES - 1; i > 0; i--) {
            int other = random.nextInt(i);
            int swapped = next[i];
            next[i] = next[other];
            next[other] = swapped;
        }
    }

    @Benchmark
    public int nothing() {
        return at;
    }

    @Benchmark
    public int uncachedRead() {
        at = next[at];
        return at;
    }
}
