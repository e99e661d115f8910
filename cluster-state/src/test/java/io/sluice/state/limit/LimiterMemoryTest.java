package io.sluice.state.limit;

import static io.sluice.state.limit.Period.MINUTE;
import static io.sluice.state.limit.Period.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LimiterMemoryTest {
    private static final long NOW = 1_772_625_600_000L;
    private static final Limits TEN = Limits.of(Map.of(MINUTE, 10L));

    private final Outcome outcome = new Outcome(1);

    @Test
    void neverRemembersMoreKeysThanTheBudget() {
        var budget = new KeyBudget(1000);
        var limiter = new TimedLimiter(List.of(MINUTE), budget);

        for (int i = 0; i < 50_000; i++) {
            limiter.acquire("made-up-" + i, TEN, 1, NOW, outcome);
            assertThat(outcome.admitted()).isTrue();
        }

        assertThat(limiter.keys()).isEqualTo(1000);
        assertThat(budget.taken()).isEqualTo(1000);
        assertThat(budget.exceeded()).isEqualTo(49_000);
    }

    @Test
    void concurrentFloodsStayWithinTheBudgetToo() throws Exception {
        var budget = new KeyBudget(2000);
        var limiter = new TimedLimiter(List.of(MINUTE), budget);
        var pool = Executors.newFixedThreadPool(8);
        var done = new CountDownLatch(8);

        for (int t = 0; t < 8; t++) {
            int thread = t;
            pool.execute(() -> {
                var own = new Outcome(1);
                for (int i = 0; i < 20_000; i++) {
                    limiter.acquire(thread + "-" + i, TEN, 1, NOW, own);
                }
                done.countDown();
            });
        }

        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        pool.shutdownNow();
        assertThat(limiter.keys()).isEqualTo(2000);
        assertThat(budget.taken()).isEqualTo(2000);
    }

    @Test
    void aFloodOfNewKeysDoesNotPushOutTheOneThatUsesItsLimitUp() {
        var limiter = new TimedLimiter(List.of(MINUTE), new KeyBudget(1000));
        for (int i = 0; i < 10; i++) {
            limiter.acquire("greedy", TEN, 1, NOW, outcome);
        }

        for (int i = 0; i < 50_000; i++) {
            limiter.acquire("made-up-" + i, TEN, 1, NOW, outcome);
        }
        limiter.acquire("greedy", TEN, 1, NOW, outcome);

        assertThat(outcome.admitted()).isFalse();
    }

    @Test
    void aLimiterWithoutKeysMayOverdrawABudgetThatOthersSpent() {
        var budget = new KeyBudget(500);
        var flooded = new TimedLimiter(List.of(MINUTE), budget);
        var other = new TimedLimiter(List.of(MINUTE), budget);
        for (int i = 0; i < 1000; i++) {
            flooded.acquire("made-up-" + i, TEN, 1, NOW, outcome);
        }

        for (int i = 0; i < 12; i++) {
            other.acquire("client", TEN, 1, NOW, outcome);
        }

        assertThat(outcome.admitted()).isFalse();
        assertThat(other.keys()).isEqualTo(1);
        assertThat(flooded.keys()).isLessThanOrEqualTo(500);
    }

    @Test
    void forgetsExpiredKeysWhileNewOnesCome() {
        var limiter = new TimedLimiter(List.of(SECOND), new KeyBudget(100_000));
        var limits = Limits.of(Map.of(SECOND, 1L));

        for (int i = 0; i < 100_000; i++) {
            limiter.acquire("key-" + i, limits, 1, NOW + i, outcome); // 1,000 keys a second
        }

        assertThat(limiter.keys()).isLessThan(5_000);
    }

    @Test
    void sweepingForgetsExpiredKeysOnly() {
        var budget = new KeyBudget(100_000);
        var limiter = new TimedLimiter(List.of(MINUTE), budget);
        for (int i = 0; i < 100; i++) {
            limiter.acquire("old-" + i, TEN, 1, NOW, outcome);
        }
        limiter.acquire("young", TEN, 7, NOW + 60_000, outcome);

        limiter.sweep(NOW + 60_000, 1000);
        limiter.acquire("young", TEN, 1, NOW + 60_000, outcome);

        assertThat(limiter.keys()).isEqualTo(1);
        assertThat(budget.taken()).isEqualTo(1);
        assertThat(outcome.used(0)).isEqualTo(8);
    }

    @Test
    void sweepingGivesTheMemoryOfForgottenKeysBack() {
        var table = new LimiterTable();
        table.add(new Entry(1));
        long empty = table.slots();
        var entries = LongStream.range(2, 50_000)
                .mapToObj(i -> new Entry(i * 0x9E3779B97F4A7C15L))
                .toList();
        entries.forEach(table::add);
        entries.forEach(table::remove);

        for (int part = 0; part < table.parts(); part++) {
            table.sweep(part, 1, entry -> {});
        }

        assertThat(table.slots()).isEqualTo(empty);
        assertThat(table.find(1)).isNotNull();
    }

    @Test
    void keysWhoseTagsAndPlacesAreTheSameAreToldApart() {
        var table = new LimiterTable();
        List<Entry> entries = LongStream.range(0, 200)
                .mapToObj(i -> table.add(new Entry(0xABCDEF0123456700L ^ i << 16)))
                .toList();
        entries.subList(0, 100).forEach(table::remove);

        assertThat(entries.subList(0, 100)).allMatch(entry -> table.find(entry.hash()) == null);
        assertThat(entries.subList(100, 200)).allMatch(entry -> table.find(entry.hash()) == entry);
    }

    @Test
    void keysThatNothingWasTransferredOfShareTheirClaims() {
        var usual = new UsualClaims();
        long[] never = {Claims.NEVER};
        Claims first = usual.share(Claims.of(TEN, new long[] {3}, never, new long[] {3}, Claims.NEVER));

        assertThat(usual.share(Claims.of(TEN, new long[] {3}, never, new long[] {3}, Claims.NEVER)))
                .isSameAs(first);
        assertThat(usual.share(Claims.of(TEN, new long[] {4}, never, new long[] {4}, Claims.NEVER)))
                .isNotSameAs(first);
        assertThat(usual.share(Claims.of(TEN, new long[] {3}, new long[] {NOW}, new long[] {5}, Claims.NEVER)))
                .isNotSameAs(first);
        assertThat(usual.share(Claims.of(TEN, new long[] {3}, never, new long[] {3}, NOW)))
                .isNotSameAs(first);
        assertThat(usual.share(
                        Claims.of(Limits.of(Map.of(MINUTE, 10L)), new long[] {3}, never, new long[] {3}, Claims.NEVER)))
                .isNotSameAs(first);
    }

    @Test
    void longKeysAreKeptByTheirDigestAndStillCountedApart() {
        var limiter = new TimedLimiter(List.of(MINUTE), new KeyBudget(100));
        var once = Limits.of(Map.of(MINUTE, 1L));
        var tail = "x".repeat(8000);

        limiter.acquire(tail + "a", once, 1, NOW, outcome);
        limiter.acquire(tail + "b", once, 1, NOW, outcome);
        assertThat(outcome.admitted()).isTrue();
        limiter.acquire(tail + "a", once, 1, NOW, outcome);

        assertThat(outcome.admitted()).isFalse();
        assertThat(limiter.keys()).isEqualTo(2);
    }

    @Test
    void closingGivesTheBudgetBack() {
        var budget = new KeyBudget(100);
        var limiter = new TimedLimiter(List.of(MINUTE), budget);
        limiter.acquire("a", TEN, 1, NOW, outcome);

        limiter.close();

        assertThat(budget.taken()).isZero();
    }
}
