package io.sluice.node.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.UpstreamOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RetryBudgetProperties {

    private static final long SECOND = 1_000_000_000L;

    private static RetryBudget budget(double percent, double minPerSecond, int members) {
        return new RetryBudget(new UpstreamOptions.RetryBudget(percent, minPerSecond), () -> members);
    }

    private static long since(List<Long> times, long now) {
        long first = Math.floorDiv(now, SECOND) - 9;
        return times.stream()
                .filter(time -> Math.floorDiv(time, SECOND) >= first)
                .count();
    }

    @Property
    void neverAllowsMoreThanItsPartOfTheRequestsAndItsShareOfTheMinimum(
            @ForAll @DoubleRange(max = 100) double percent,
            @ForAll @DoubleRange(max = 5) double minPerSecond,
            @ForAll @IntRange(min = 1, max = 9) int members,
            @ForAll @Size(max = 80) List<@LongRange(min = 0, max = 2_000_000_000L) Long> gaps,
            @ForAll @IntRange(min = 0, max = 5) int wanted) {
        RetryBudget budget = budget(percent, minPerSecond, members);
        List<Long> requests = new ArrayList<>();
        List<Long> retries = new ArrayList<>();
        long now = 0;
        for (long gap : gaps) {
            now += gap;
            budget.requested(now);
            requests.add(now);
            for (int i = 0; i < wanted; i++) {
                double most = percent / 100 * since(requests, now) + 10 * minPerSecond / members;
                boolean granted = budget.retry(now);
                assertThat(granted).isEqualTo(since(retries, now) + 1 <= most);
                if (granted) {
                    retries.add(now);
                }
            }
        }
    }

    @Property
    void keepsTheSumOverTheClusterBelowTheClustersBudget(
            @ForAll @DoubleRange(max = 100) double percent,
            @ForAll @DoubleRange(max = 5) double minPerSecond,
            @ForAll @Size(min = 1, max = 7) List<@IntRange(min = 0, max = 50) Integer> requestsOfNodes) {
        int granted = 0;
        int requests = 0;
        for (int ofNode : requestsOfNodes) {
            RetryBudget node = budget(percent, minPerSecond, requestsOfNodes.size());
            requests += ofNode;
            for (int i = 0; i < ofNode; i++) {
                node.requested(0);
            }
            while (node.retry(0)) {
                granted++;
            }
        }

        assertThat((double) granted).isLessThanOrEqualTo(percent / 100 * requests + 10 * minPerSecond + 1e-6);
    }

    @Example
    void holdsWhenManyThreadsAskAtOnce() throws Exception {
        RetryBudget budget = budget(10, 0, 1);
        for (int i = 0; i < 10_000; i++) {
            budget.requested(0);
        }
        int threads = 4;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                counts.add(pool.submit(() -> {
                    start.await();
                    int granted = 0;
                    for (int asked = 0; asked < 5_000; asked++) {
                        granted += budget.retry(asked) ? 1 : 0;
                    }
                    return granted;
                }));
            }
            int granted = 0;
            for (Future<Integer> count : counts) {
                granted += count.get();
            }
            assertThat(granted).isBetween(900, 1_000);
            assertThat(budget.refused()).isEqualTo(threads * 5_000L - granted);
        } finally {
            pool.shutdownNow();
        }
    }

    @Example
    void refillsWithTimeAndWithRequests() {
        RetryBudget budget = budget(50, 0, 1);
        budget.requested(0);
        budget.requested(0);
        assertThat(budget.retry(0)).isTrue();
        assertThat(budget.retry(SECOND)).isFalse();

        budget.requested(9 * SECOND);
        budget.requested(9 * SECOND);
        assertThat(budget.retry(9 * SECOND)).isTrue();
        assertThat(budget.retry(9 * SECOND)).isFalse();

        assertThat(budget.retry(10 * SECOND)).isFalse(); // the first requests are forgotten, and the first retry
        assertThat(budget.refused()).isEqualTo(3);
    }
}
