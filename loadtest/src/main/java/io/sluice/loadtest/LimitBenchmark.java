package io.sluice.loadtest;

import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.Period;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.WindowType;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision for a key that is known and whose limit is far away: the mean, and single ones by sampling (the clock's some
 * 25 ns included). Run with {@code -prof gc} for what it allocates.
 */
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class LimitBenchmark {
    private static final int KEYS = 1 << 12;
    private static final Limits WINDOWS =
            Limits.of(Map.of(Period.MINUTE, 3_000_000_000L, Period.HOUR, 90_000_000_000L));

    /** Buckets that fill more slowly than they are used: full ones would be forgotten, and made again by the next request. */
    private static final Limits BUCKETS = Limits.of(Map.of(Period.HOUR, 1_500_000L, Period.DAY, 36_000_000L));

    @Param({"LOCAL", "CLUSTER"})
    public String reach = "";

    @Param({"FIXED", "SLIDING", "BUCKET"})
    public String window = "";

    private final Outcome outcome = new Outcome(WINDOWS.size());
    private final String[] keys = new String[KEYS];
    private Limits limits = WINDOWS;
    private int next;

    /** Set by {@link #open}. */
    @SuppressWarnings("NullAway.Init")
    private RateLimiter limiter;

    @Setup
    public void open() {
        var sample = SampleLimiters.valueOf(reach);
        var type = WindowType.valueOf(window);
        limits = type == WindowType.BUCKET ? BUCKETS : WINDOWS;
        limiter = sample.open(System::currentTimeMillis, new KeyBudget(KeyBudget.DEFAULT))
                .limiters()
                .open(sample.rule(type), limits);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = new UUID(i, i * 31L).toString();
            limiter.acquire(keys[i], limits, 1, outcome); // what is spent of hours is declared before
        }
    }

    @Benchmark
    public boolean acquire() {
        limiter.acquire(keys[next++ & KEYS - 1], limits, 1, outcome);
        if (!outcome.admitted()) {
            throw new IllegalStateException("refused (expected: a limit that is far away)");
        }
        return true;
    }
}
