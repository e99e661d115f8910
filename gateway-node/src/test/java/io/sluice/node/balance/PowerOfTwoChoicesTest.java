package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PowerOfTwoChoicesTest {

    private static final Candidates ALL = target -> true;

    private static TargetLoad[] loads(int targets) {
        return IntStream.range(0, targets).mapToObj(i -> new TargetLoad()).toArray(TargetLoad[]::new);
    }

    private static Balancer of(TargetLoad[] loads, int... weights) {
        return new PowerOfTwoChoices(new AtomicInteger(), loads, Weights.of(weights));
    }

    private static int[] equal(int targets) {
        int[] weights = new int[targets];
        Arrays.fill(weights, 100);
        return weights;
    }

    private static int[] counts(Balancer balancer, Candidates candidates, int targets, int picks) {
        int[] counts = new int[targets];
        for (int i = 0; i < picks; i++) {
            counts[balancer.pick(candidates)]++;
        }
        return counts;
    }

    @Test
    void takesTheLessBusyOfTwo() {
        TargetLoad[] loads = loads(2);
        Balancer balancer = of(loads, 100, 100);
        balancer.started(0);

        assertThat(counts(balancer, ALL, 2, 100)).containsExactly(0, 100);
        balancer.started(1);
        balancer.ended(0);
        assertThat(counts(balancer, ALL, 2, 100)).containsExactly(100, 0);
    }

    @Test
    void drawsIdleTargetsAlike() {
        int[] counts = counts(of(loads(4), equal(4)), ALL, 4, 40_000);

        assertThat(counts).satisfies(all -> assertThat(Arrays.stream(all)).allMatch(count -> count > 9_500));
    }

    @Test
    void neverPicksTheBusiestOfMany() {
        TargetLoad[] loads = loads(10);
        Balancer balancer = of(loads, equal(10));
        balancer.started(7);

        assertThat(counts(balancer, ALL, 10, 5_000)[7]).isZero();
    }

    @Test
    void keepsRequestsInProportionToTheWeights() {
        TargetLoad[] loads = loads(3);
        Balancer balancer = of(loads, 300, 200, 100);

        IntStream.range(0, 6_000).forEach(i -> balancer.started(balancer.pick(ALL)));

        assertThat(loads[0].active()).isCloseTo(3_000, within(60));
        assertThat(loads[1].active()).isCloseTo(2_000, within(60));
        assertThat(loads[2].active()).isCloseTo(1_000, within(60));
    }

    @Test
    void sharesAlikeAmongTheFewOfManyThatMayBeUsed() {
        Set<Integer> usable = Set.of(3, 60, 61, 97);

        int[] counts = counts(of(loads(100), equal(100)), new Asking(0, 0, usable), 100, 40_000);

        assertThat(usable).allSatisfy(target -> assertThat(counts[target]).isCloseTo(10_000, within(500)));
    }
}
