package io.sluice.node.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.UpstreamOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlierEjectionTest {

    private static final long SECOND = 1_000_000_000L;
    private static final List<String> FOUR = List.of("a:1", "b:1", "c:1", "d:1");

    private final OutlierEjection ejection = of(3, 10, 50);
    private final Outlier[] four = ejection.of(FOUR);

    private static OutlierEjection of(int failures, double base, int percent) {
        return new OutlierEjection(new UpstreamOptions.OutlierEjection(failures, base, percent));
    }

    private static boolean fail(OutlierEjection ejection, Outlier[] all, int target, int times, long now) {
        boolean ejected = false;
        for (int i = 0; i < times; i++) {
            ejected = ejection.failed(all, target, now);
        }
        return ejected;
    }

    @Test
    void leavesOutWhatFailsSeveralTimesInARow() {
        assertThat(fail(ejection, four, 1, 2, 0)).isFalse();
        assertThat(four[1].out(0)).isFalse();
        assertThat(fail(ejection, four, 1, 1, 0)).isTrue();

        assertThat(four[1].out(0)).isTrue();
        assertThat(four[0].out(0)).isFalse();
        assertThat(ejection.out(0)).isEqualTo(1);
        assertThat(ejection.ejections()).isEqualTo(1);
    }

    @Test
    void beginsToCountAnewAfterASuccess() {
        fail(ejection, four, 1, 2, 0);
        ejection.succeeded(four[1]);

        assertThat(fail(ejection, four, 1, 2, 0)).isFalse();
        assertThat(fail(ejection, four, 1, 1, 0)).isTrue();
    }

    @Test
    void takesItBackWhenTheTimeIsOver() {
        fail(ejection, four, 1, 3, 5 * SECOND);

        assertThat(four[1].out(15 * SECOND - 1)).isTrue();
        assertThat(four[1].out(15 * SECOND)).isFalse();
        assertThat(fail(ejection, four, 1, 2, 15 * SECOND)).isFalse();
    }

    @Test
    void leavesItOutLongerEachTimeAndForgetsThatInQuietTimes() {
        fail(ejection, four, 1, 3, 0); // out until 10
        fail(ejection, four, 1, 3, 10 * SECOND); // for 20, until 30
        assertThat(four[1].out(30 * SECOND - 1)).isTrue();
        fail(ejection, four, 1, 3, 30 * SECOND); // for 30, until 60
        assertThat(four[1].out(60 * SECOND - 1)).isTrue();
        assertThat(four[1].out(60 * SECOND)).isFalse();

        fail(ejection, four, 1, 3, 80 * SECOND); // two forgotten: for 20, until 100
        assertThat(four[1].out(100 * SECOND - 1)).isTrue();
        assertThat(four[1].out(100 * SECOND)).isFalse();
    }

    @Test
    void leavesNothingOutForMoreThanFiveMinutes() {
        long now = 0;
        for (int i = 0; i < 40; i++) {
            fail(ejection, four, 1, 3, now);
            assertThat(four[1].out(now + 300 * SECOND)).isFalse();
            now += 10L * Math.min(30, i + 1) * SECOND;
        }
        assertThat(four[1].out(now - 1)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4, 50, 2", "4, 100, 4", "4, 24, 0", "3, 50, 1", "1, 99, 0", "1, 100, 1", "10, 10, 1"})
    void neverLeavesOutMoreThanItsPart(int targets, int percent, int most) {
        OutlierEjection ejection = of(1, 10, percent);
        Outlier[] all =
                ejection.of(IntStream.range(0, targets).mapToObj(i -> "t" + i).toList());

        IntStream.range(0, targets).forEach(target -> fail(ejection, all, target, 3, 0));

        assertThat(ejection.out(0)).isEqualTo(most);
    }

    @Test
    void leavesTheNextOutWhenThereIsRoomAgain() {
        IntStream.range(0, 3).forEach(target -> fail(ejection, four, target, 3, 0));
        assertThat(four[2].out(0)).isFalse();

        assertThat(ejection.failed(four, 2, 10 * SECOND)).isTrue();
    }

    @Test
    void keepsToThePartWhenManyThreadsSeeFailures() throws Exception {
        OutlierEjection ejection = of(1, 10, 50);
        Outlier[] all =
                ejection.of(IntStream.range(0, 100).mapToObj(i -> "t" + i).toList());
        CyclicBarrier start = new CyclicBarrier(4);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                done.add(pool.submit(() -> {
                    start.await();
                    for (int i = 0; i < 10_000; i++) {
                        ejection.failed(all, i % 100, 0);
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
            assertThat(ejection.out(0)).isEqualTo(50);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void remembersTargetsThatStayAndForgetsThoseThatGo() {
        fail(ejection, four, 1, 3, 0);
        fail(ejection, four, 2, 3, 0);

        Outlier[] two = ejection.of(List.of("e:1", "b:1"));

        assertThat(two[1]).isSameAs(four[1]);
        assertThat(two[0].out(0)).isFalse();
        assertThat(ejection.out(0)).isEqualTo(1);
        assertThat(ejection.of(FOUR)[2].out(0)).isFalse();
    }
}
