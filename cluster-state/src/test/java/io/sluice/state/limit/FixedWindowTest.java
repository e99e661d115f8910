package io.sluice.state.limit;

import static io.sluice.state.limit.Period.HOUR;
import static io.sluice.state.limit.Period.MINUTE;
import static io.sluice.state.limit.Period.SECOND;
import static io.sluice.state.limit.Period.YEAR;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedWindowTest {
    private static final long NOON = Instant.parse("2026-03-04T12:00:00Z").toEpochMilli();

    @ParameterizedTest
    @ValueSource(ints = {50, 1, 255, 1000})
    void admitsExactlyTheLimitOfManyConcurrentRequests(int limit) throws Exception {
        for (int round = 0; round < 20; round++) {
            var limits = Limits.of(Map.of(MINUTE, (long) limit, HOUR, (long) limit + 7));
            var limiter = new TimedLimiter(limits.periods(), new KeyBudget(100));

            int admitted = burst(limiter, limits, 256, 4, () -> NOON);

            assertThat(admitted).isEqualTo(Math.min(limit, 1024));
        }
    }

    @Test
    void aWindowThatBeginsUnderLoadAdmitsExactlyTheLimitAgain() throws Exception {
        for (int round = 0; round < 50; round++) {
            var limits = Limits.of(Map.of(SECOND, 20L, MINUTE, 35L));
            var limiter = new TimedLimiter(limits.periods(), new KeyBudget(100));
            var before = new Outcome(2);
            for (int i = 0; i < 20; i++) {
                limiter.acquire("a", limits, 1, NOON + 500, before);
            }
            var calls = new AtomicLong();

            // half of the threads still read a clock 3 ms behind the edge
            int admitted = burst(limiter, limits, 64, 4, () -> NOON + (calls.incrementAndGet() % 2 == 0 ? 997 : 1000));

            assertThat(before.admitted()).isTrue();
            assertThat(admitted).isEqualTo(15);
        }
    }

    @Test
    void aRefusedRequestIsCountedInNoWindow() {
        var limits = Limits.of(Map.of(SECOND, 1L, HOUR, 3L));
        var limiter = new TimedLimiter(limits.periods(), new KeyBudget(100));
        var outcome = new Outcome(2);

        for (int i = 0; i < 10; i++) {
            limiter.acquire("a", limits, 1, NOON, outcome);
        }

        assertThat(outcome.admitted()).isFalse();
        assertThat(outcome.used(0)).isEqualTo(1);
        assertThat(outcome.used(1)).isEqualTo(1);
    }

    @Test
    void countsKeysApart() {
        var limits = Limits.of(Map.of(MINUTE, 1L));
        var limiter = new TimedLimiter(limits.periods(), new KeyBudget(100));

        assertThat(admits(limiter, limits, "a", NOON)).isTrue();
        assertThat(admits(limiter, limits, "b", NOON)).isTrue();
        assertThat(admits(limiter, limits, "a", NOON)).isFalse();
    }

    @Test
    void opensAtTheFirstMillisecondOfTheNextWindow() {
        var limits = Limits.of(Map.of(MINUTE, 1L));
        var limiter = new TimedLimiter(limits.periods(), new KeyBudget(100));

        assertThat(admits(limiter, limits, "a", NOON)).isTrue();
        assertThat(admits(limiter, limits, "a", NOON + 59_999)).isFalse();
        assertThat(admits(limiter, limits, "a", NOON + 60_000)).isTrue();
        assertThat(admits(limiter, limits, "a", NOON + 60_001)).isFalse();
    }

    @Test
    void aClockThatIsSlightlyBehindCountsInTheCurrentWindow() {
        var limits = Limits.of(Map.of(SECOND, 1L));
        var limiter = new TimedLimiter(limits.periods(), new KeyBudget(100));
        var outcome = new Outcome(1);

        limiter.acquire("a", limits, 1, NOON, outcome);
        limiter.acquire("a", limits, 1, NOON - 5, outcome);

        assertThat(outcome.admitted()).isFalse();
        assertThat(outcome.time()).isEqualTo(NOON);
        assertThat(admits(limiter, limits, "a", NOON + 999)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {60_000, 86_400_000, 40L * 86_400_000})
    void aClockSetBackNeitherGivesANewWindowNorKeepsTheOldOneClosedForLong(long back) {
        var limits = Limits.of(Map.of(SECOND, 2L));
        var limiter = new TimedLimiter(limits.periods(), new KeyBudget(100));

        assertThat(admits(limiter, limits, "a", NOON)).isTrue();
        assertThat(admits(limiter, limits, "a", NOON)).isTrue();

        boolean shortJump = back < 12L * 86_400_000;
        assertThat(admits(limiter, limits, "a", NOON - back)).isEqualTo(!shortJump);
        assertThat(admits(limiter, limits, "a", NOON - back + 1000)).isTrue();
        assertThat(admits(limiter, limits, "a", NOON - back + 1000)).isTrue();
        assertThat(admits(limiter, limits, "a", NOON - back + 1000)).isFalse();
    }

    @Test
    void keepsTheLongWindowWhenTheClockIsSetBack() {
        var limits = Limits.of(Map.of(SECOND, 5L, YEAR, 3L));
        var limiter = new TimedLimiter(limits.periods(), new KeyBudget(100));

        for (int i = 0; i < 3; i++) {
            assertThat(admits(limiter, limits, "a", NOON)).isTrue();
        }

        assertThat(admits(limiter, limits, "a", NOON - 3_600_000)).isFalse();
        assertThat(admits(limiter, limits, "a", NOON + 3_600_000)).isFalse();
    }

    @Test
    void keepsCountingWhenTheLimitChanges() {
        var limiter = new TimedLimiter(List.of(MINUTE), new KeyBudget(100));
        var two = Limits.of(Map.of(MINUTE, 2L));
        var three = Limits.of(Map.of(MINUTE, 3L));

        assertThat(admits(limiter, two, "a", NOON)).isTrue();
        assertThat(admits(limiter, two, "a", NOON)).isTrue();
        assertThat(admits(limiter, two, "a", NOON)).isFalse();
        assertThat(admits(limiter, three, "a", NOON)).isTrue();
        assertThat(admits(limiter, three, "a", NOON)).isFalse();
    }

    @Test
    void costsMoreThanTheRestAreRefusedWhole() {
        var limits = Limits.of(Map.of(MINUTE, 10L));
        var limiter = new TimedLimiter(limits.periods(), new KeyBudget(100));
        var outcome = new Outcome(1);

        limiter.acquire("a", limits, 8, NOON, outcome);
        limiter.acquire("a", limits, 3, NOON, outcome);
        assertThat(outcome.admitted()).isFalse();
        limiter.acquire("a", limits, 2, NOON, outcome);

        assertThat(outcome.admitted()).isTrue();
        assertThat(outcome.used(0)).isEqualTo(10);
    }

    @Test
    void keepsWhatItCountedOfAPeriodWhenOthersAreLimited() {
        var limiter = new TimedLimiter(List.of(MINUTE), new KeyBudget(100));
        admits(limiter, Limits.of(Map.of(MINUTE, 2L)), "a", NOON);

        var changed = Limits.of(Map.of(SECOND, 5L, MINUTE, 2L, HOUR, 9L));

        assertThat(admits(limiter, changed, "a", NOON)).isTrue();
        assertThat(admits(limiter, changed, "a", NOON)).isFalse();
    }

    private static boolean admits(TimedLimiter limiter, Limits limits, String key, long now) {
        var outcome = new Outcome(limits.periods().size());
        limiter.acquire(key, limits, 1, now, outcome);
        return outcome.admitted();
    }

    private static int burst(TimedLimiter limiter, Limits limits, int threads, int each, LongSupplier clock)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            var start = new CountDownLatch(1);
            var admitted = new ArrayList<Future<Integer>>();
            for (int i = 0; i < threads; i++) {
                admitted.add(pool.submit(() -> {
                    var outcome = new Outcome(limits.periods().size());
                    int count = 0;
                    start.await();
                    for (int k = 0; k < each; k++) {
                        limiter.acquire("a", limits, 1, clock.getAsLong(), outcome);
                        count += outcome.admitted() ? 1 : 0;
                    }
                    return count;
                }));
            }
            start.countDown();
            int sum = 0;
            for (var one : admitted) {
                sum += one.get();
            }
            return sum;
        } finally {
            pool.shutdownNow();
        }
    }
}
