package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest {

    private static final Candidates ALL = target -> true;

    private static RoundRobin of(int... weights) {
        return new RoundRobin(new AtomicInteger(), Weights.of(weights));
    }

    private static int[] counts(Balancer balancer, Candidates candidates, int targets, int picks) {
        int[] counts = new int[targets];
        for (int i = 0; i < picks; i++) {
            counts[balancer.pick(candidates)]++;
        }
        return counts;
    }

    private static int[] weights(String list) {
        return Arrays.stream(list.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    @Test
    void spreadsTheTurnsOfAHeavyTarget() {
        RoundRobin balancer = of(5, 1, 1);

        List<Integer> order =
                IntStream.range(0, 7).map(i -> balancer.pick(ALL)).boxed().toList();

        assertThat(order).containsExactly(0, 0, 1, 0, 2, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"100 100 100", "5 1 1", "100 50 7 1", "65535 65535 1 1", "1 0 3", "65535 65534 65533 32768"})
    void errsByLessThanOnePercentOverTenThousandPicks(String list) {
        int[] weights = weights(list);
        double total = Arrays.stream(weights).sum();

        int[] counts = counts(of(weights), ALL, weights.length, 10_000);

        for (int i = 0; i < weights.length; i++) {
            assertThat(counts[i] / 10_000.0).isCloseTo(weights[i] / total, within(0.0005));
        }
    }

    @Test
    void errsByLessThanOnePercentOverThreeNodesThatKnowNothingOfEachOther() {
        int[] sum = new int[3];
        for (int start : new int[] {17, -40_000, 123_456_789}) {
            int[] counts = counts(new RoundRobin(new AtomicInteger(start), Weights.of(3, 2, 1)), ALL, 3, 3_333);
            Arrays.setAll(sum, i -> sum[i] + counts[i]);
        }

        assertThat(sum[0] / 9_999.0).isCloseTo(3 / 6.0, within(0.001));
        assertThat(sum[1] / 9_999.0).isCloseTo(2 / 6.0, within(0.001));
        assertThat(sum[2] / 9_999.0).isCloseTo(1 / 6.0, within(0.001));
    }

    @Test
    void keepsTheWeightsOfTheOthersWhenTargetsCannotBeUsed() {
        int[] counts = counts(of(1, 1, 1, 2), target -> target != 1, 4, 10_000);

        assertThat(counts).containsExactly(2_500, 0, 2_500, 5_000);
    }

    @Test
    void keepsTheWeightsWhenNearlyTheWholeWheelCannotBeUsed() {
        int[] counts = counts(of(65_530, 1, 2), target -> target > 0, 3, 30_000);

        assertThat(counts[1] / 30_000.0).isCloseTo(1 / 3.0, within(0.01));
        assertThat(counts[2] / 30_000.0).isCloseTo(2 / 3.0, within(0.01));
    }

    @Test
    void findsNoneWithoutTargetsWithoutWeightsAndWithoutUsableOnes() {
        assertThat(of().pick(ALL)).isEqualTo(Balancer.NONE);
        assertThat(of(0, 0).pick(ALL)).isEqualTo(Balancer.NONE);
        assertThat(of(1, 2).pick(target -> false)).isEqualTo(Balancer.NONE);
        assertThat(of(1, 0).pick(target -> target == 1)).isEqualTo(Balancer.NONE);
    }

    @Test
    void goesOnWhereAnEarlierOneStoppedIfItGetsItsTurn() {
        AtomicInteger turn = new AtomicInteger();
        List<Integer> order = new ArrayList<>();
        for (int reload = 0; reload < 6; reload++) {
            order.add(new RoundRobin(turn, Weights.of(1, 1, 1)).pick(ALL));
        }

        assertThat(order).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void staysWithinItsTargetsWhenTheTurnOverflows() {
        RoundRobin balancer = new RoundRobin(new AtomicInteger(Integer.MAX_VALUE - 1), Weights.of(1, 1, 1));

        assertThat(IntStream.range(0, 6).map(i -> balancer.pick(ALL))).containsOnly(0, 1, 2);
    }

    @Test
    void sharesOneOrderBetweenThreads() throws Exception {
        RoundRobin balancer = of(3, 1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<int[]>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(() -> counts(balancer, ALL, 2, 10_000)));
            }
            int first = 0;
            for (Future<int[]> result : results) {
                first += result.get()[0];
            }

            assertThat(first).isEqualTo(30_000);
        } finally {
            threads.shutdownNow();
        }
    }
}
