package io.sluice.loadtest;

import io.sluice.state.limit.ClusterLimiters;
import io.sluice.state.limit.Era;
import io.sluice.state.limit.Estates;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.Period;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.WindowType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What many keys cost one node: memory of a million that are in use, the longest step of forgetting them, and a flood of ten
 * million made-up ones, and of sharing the million out afresh. Prints one line of {@code key=value} for each kind of limiter. Time is made up, so that a window can
 * end when it should.
 */
final class LimitScale {
    private static final int LIVE = 1_000_000;
    private static final int FLOOD = 10_000_000;
    /** As many as a node looks at in one step. */
    private static final int STEP = 1_000;

    private static final long BEGIN = 1_772_625_600_000L;
    private static final Limits LIMITS = Limits.of(Map.of(Period.MINUTE, 300L));

    private final SampleLimiters sample;
    private final KeyBudget budget = new KeyBudget(KeyBudget.DEFAULT);
    private final Outcome outcome = new Outcome(1);
    private final SampleLimiters.Open open;
    private final RateLimiter limiter;
    private long now = BEGIN;

    private LimitScale(SampleLimiters sample) {
        this.sample = sample;
        this.open = sample.open(() -> now, budget);
        this.limiter = open.limiters().open(sample.rule(WindowType.FIXED), LIMITS);
    }

    /** Without arguments for the limiters of both reaches. */
    public static void main(String[] args) {
        for (SampleLimiters sample : SampleLimiters.values()) {
            System.out.println(new LimitScale(sample).measure());
        }
    }

    private String measure() {
        long empty = usedHeap();
        fill("client-", LIVE);
        long keys = limiter.keys();
        long live = usedHeap() - empty;
        long longestLive = longestStep();
        String era = open.limiters() instanceof ClusterLimiters cluster ? newEra(cluster) : "era_piece=0 era_all=0";
        now += 120_000;
        long longestIdle = longestStep();
        long left = limiter.keys();
        long begin = System.nanoTime();
        fill("made-up-", FLOOD);
        long perKey = (System.nanoTime() - begin) / FLOOD;
        long flooded = usedHeap() - empty;
        return String.format(
                Locale.ROOT,
                "reach=%s keys=%d heap=%d step_live=%.2f step_idle=%.2f left=%d flood=%d remembered=%d flood_heap=%d"
                        + " flood_ns=%d %s",
                sample.name().toLowerCase(Locale.ROOT),
                keys,
                live / 1_000_000,
                longestLive / 1e6,
                longestIdle / 1e6,
                left,
                FLOOD,
                limiter.keys(),
                flooded / 1_000_000,
                perKey,
                era);
    }

    /** CPU milliseconds of the longest piece of looking at all keys after a change of who owns what, and of all of it. */
    private String newEra(ClusterLimiters cluster) {
        System.gc();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        cluster.learn(Estates.of(List.of(new Era(1, now + 30_000, new long[] {1, 2})), List.of()));
        long longest = 0;
        long all = 0;
        for (ClusterLimiters.Lane lane : cluster.lanes()) {
            boolean more = true;
            while (more) {
                long begin = threads.getCurrentThreadCpuTime();
                more = lane.goOn();
                long took = threads.getCurrentThreadCpuTime() - begin;
                longest = Math.max(longest, took);
                all += took;
            }
        }
        return String.format(Locale.ROOT, "era_piece=%.2f era_all=%.0f", longest / 1e6, all / 1e6);
    }

    private void fill(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            limiter.acquire(prefix + i, LIMITS, 1, outcome);
        }
    }

    /**
     * CPU nanoseconds of the longest of so many steps that every key has been looked at at least once. By the wall it would be
     * the longest time that other processes or the collector of all the garbage made here took meanwhile.
     */
    private long longestStep() {
        System.gc();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long longest = 0;
        for (int i = 0; i < 3 * (LIVE / STEP); i++) {
            long begin = threads.getCurrentThreadCpuTime();
            open.sweep().accept(STEP);
            longest = Math.max(longest, threads.getCurrentThreadCpuTime() - begin);
        }
        return longest;
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
