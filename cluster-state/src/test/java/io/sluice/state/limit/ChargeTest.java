package io.sluice.state.limit;

import static io.sluice.state.limit.Period.HOUR;
import static io.sluice.state.limit.Period.MINUTE;
import static io.sluice.state.limit.Period.YEAR;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Looking at what is in use, and counting what has been used already. */
class ChargeTest {
    private static final long NOON = Instant.parse("2026-03-04T12:00:00Z").toEpochMilli();
    private static final Limits TEN = Limits.of(Map.of(MINUTE, 10L, HOUR, 1000L));

    private final Outcome outcome = new Outcome(2);

    @Test
    void aThreadWhoseClockIsBehindIsNotToldOneTokenMore() {
        var limiter = new TimedLimiter(WindowType.BUCKET, new KeyBudget(100));
        Limits fifty = Limits.of(Map.of(YEAR, 50L));
        var first = new Outcome(1);
        var second = new Outcome(1);

        limiter.acquire("a", fifty, 1, NOON, first);
        limiter.acquire("a", fifty, 1, NOON - 5, second);

        assertThat(second.used(0)).isEqualTo(first.used(0) + 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = WindowType.class,
            names = {"FIXED", "SLIDING", "BUCKET"})
    void lookingTakesNothing(WindowType type) {
        var limiter = new TimedLimiter(type, new KeyBudget(100));
        limiter.acquire("a", TEN, 3, NOON, outcome);

        for (int i = 0; i < 20; i++) {
            limiter.peek("a", TEN, NOON, outcome);
        }

        assertThat(outcome.admitted()).isFalse();
        assertThat(outcome.used(0)).isEqualTo(3);
        assertThat(outcome.used(1)).isEqualTo(3);
        assertThat(outcome.freeAt(0)).isBetween(NOON + 1, NOON + 61_200);
    }

    @ParameterizedTest
    @EnumSource(
            value = WindowType.class,
            names = {"FIXED", "SLIDING", "BUCKET"})
    void countsBeyondTheLimitOnceAndThenNoMore(WindowType type) {
        var limiter = new TimedLimiter(type, new KeyBudget(100));
        limiter.charge("a", TEN, 8, NOON, outcome);
        limiter.charge("a", TEN, 8, NOON, outcome);

        assertThat(outcome.admitted()).isTrue();
        assertThat(outcome.used(0)).isEqualTo(16);
        assertThat(outcome.used(1)).isEqualTo(16);

        limiter.charge("a", TEN, 8, NOON, outcome);
        assertThat(outcome.admitted()).isFalse();
        assertThat(outcome.used(0)).isEqualTo(16);
        assertThat(outcome.used(1)).isEqualTo(16);

        limiter.acquire("a", TEN, 1, NOON, outcome);
        assertThat(outcome.admitted()).isFalse();
    }

    @Test
    void whatWentBeyondCountsInTheLongerPeriodOnly() {
        var limiter = new TimedLimiter(WindowType.FIXED, new KeyBudget(100));
        limiter.charge("a", TEN, 500, NOON, outcome);

        limiter.acquire("a", TEN, 1, NOON + 60_000, outcome);

        assertThat(outcome.admitted()).isTrue();
        assertThat(outcome.used(0)).isEqualTo(1);
        assertThat(outcome.used(1)).isEqualTo(501);
    }

    @Test
    void aBucketPaysBackWhatWentBeyond() {
        var limiter = new TimedLimiter(WindowType.BUCKET, new KeyBudget(100));
        limiter.charge("a", TEN, 15, NOON, outcome);

        limiter.acquire("a", TEN, 1, NOON + 30_000, outcome);
        assertThat(outcome.admitted()).isFalse();
        limiter.acquire("a", TEN, 1, NOON + 36_000, outcome);
        assertThat(outcome.admitted()).isTrue();
    }

    @Test
    void aBucketSaysWhenItsNextTokenDrops() {
        var limiter = new TimedLimiter(WindowType.BUCKET, new KeyBudget(100));
        limiter.acquire("a", TEN, 1, NOON, outcome);
        assertThat(outcome.freeAt(0)).isEqualTo(NOON + 6_000);
        limiter.acquire("a", TEN, 9, NOON, outcome);
        assertThat(outcome.freeAt(0)).isEqualTo(NOON + 6_000);

        limiter.acquire("a", TEN, 1, NOON + 2_000, outcome);
        assertThat(outcome.admitted()).isFalse();
        assertThat(outcome.freeAt(0)).isEqualTo(NOON + 6_000);
        limiter.acquire("a", TEN, 1, NOON + 6_000, outcome);
        assertThat(outcome.admitted()).isTrue();
        limiter.peek("a", TEN, NOON + 66_000, outcome);
        assertThat(outcome.freeAt(0)).isEqualTo(NOON + 66_000);
    }

    @Test
    void aBucketThatWasOverdrawnSaysWhenItHasATokenAgain() {
        var limiter = new TimedLimiter(WindowType.BUCKET, new KeyBudget(100));
        limiter.charge("a", TEN, 15, NOON, outcome);

        limiter.acquire("a", TEN, 1, NOON + 1_000, outcome);

        assertThat(outcome.admitted()).isFalse();
        assertThat(outcome.freeAt(0)).isEqualTo(NOON + 36_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = WindowType.class,
            names = {"FIXED", "SLIDING", "BUCKET"})
    void theLargestCostDoesNotLookLikeNothing(WindowType type) {
        var limits = Limits.of(Map.of(YEAR, Limits.HIGHEST));
        var limiter = new TimedLimiter(type, new KeyBudget(100));
        var one = new Outcome(1);
        limiter.charge("a", limits, Limits.HIGHEST - 5, NOON, one);

        limiter.charge("a", limits, Limits.HIGHEST, NOON, one);

        limiter.acquire("a", limits, 1, NOON, one);
        assertThat(one.admitted()).isFalse();
    }

    @Test
    void requestsInFlightCanBeChargedAndGivenBack() {
        var limits = Limits.concurrent(2);
        var limiter = new TimedLimiter(WindowType.CONCURRENCY, new KeyBudget(100));
        var three = new Outcome(1);
        limiter.charge("a", limits, 3, NOON, three);
        var refused = new Outcome(1);

        limiter.charge("a", limits, 1, NOON, refused);
        limiter.release(three);

        assertThat(three.admitted()).isTrue();
        assertThat(refused.admitted()).isFalse();
        limiter.peek("a", limits, NOON, refused);
        assertThat(refused.used(0)).isZero();
    }

    @Test
    void concurrentChargesOfOneAreExact() throws Exception {
        var limits = Limits.of(Map.of(MINUTE, 50L));
        var limiter = new TimedLimiter(WindowType.FIXED, new KeyBudget(100));
        var threads = Executors.newFixedThreadPool(4);
        var start = new CountDownLatch(1);
        List<Future<Integer>> counted = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            counted.add(threads.submit(() -> {
                start.await();
                int admitted = 0;
                for (int j = 0; j < 64; j++) {
                    var mine = new Outcome(1);
                    limiter.charge("a", limits, 1, NOON, mine);
                    admitted += mine.admitted() ? 1 : 0;
                }
                return admitted;
            }));
        }

        start.countDown();

        int all = 0;
        for (Future<Integer> one : counted) {
            all += one.get();
        }
        threads.shutdown();
        assertThat(all).isEqualTo(50);
    }
}
