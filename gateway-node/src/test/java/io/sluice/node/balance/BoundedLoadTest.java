package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Upstream.Algorithm;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consistent hashing that gives no target much more than its share. */
class BoundedLoadTest {

    private static final int[] WEIGHTS = {100, 100, 200};
    private static final Set<Integer> ALL = Set.of(0, 1, 2);

    private final TargetLoad[] loads = {new TargetLoad(), new TargetLoad(), new TargetLoad()};

    private Balancer of(int factor) {
        List<Balancers.Member> members = IntStream.range(0, 3)
                .mapToObj(i -> new Balancers.Member("10.0.0." + i + ":80", WEIGHTS[i], loads[i]))
                .toList();
        return Balancers.of(
                new Balancers.Plan("u", Algorithm.CONSISTENT_HASHING, 1000, factor, 0), members, new AtomicInteger());
    }

    private static int start(Balancer balancer, long key, Set<Integer> usable) {
        int target = balancer.pick(new Asking(key, 0, usable));
        balancer.started(target);
        return target;
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 125, 200})
    void neverGivesATargetMoreThanThatPartOfItsShare(int factor) {
        Balancer balancer = of(factor);
        for (int requests = 1; requests <= 1_000; requests++) {
            int target = start(balancer, KeyHash.of("the only key"), ALL);
            double share = (double) requests * WEIGHTS[target] / 400;
            assertThat(loads[target].active()).isLessThanOrEqualTo((int) Math.ceil(share * factor / 100));
        }
    }

    @Test
    void leavesKeysWhereTheyAreWhileTheLoadIsEven() {
        Balancer bounded = of(150);
        Balancer unbounded = of(0);
        for (int i = 0; i < 1_000; i++) {
            Asking asking = new Asking(KeyHash.of("key " + i), 0, ALL);
            assertThat(bounded.pick(asking)).isEqualTo(unbounded.pick(asking));
        }
    }

    @Test
    void sendsWhatAFullTargetCannotTakeToTheSameOtherEachTime() {
        Balancer balancer = of(125);
        long key = KeyHash.of("k");
        int first = start(balancer, key, ALL);
        Set<Integer> next = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            int second = start(balancer, key, ALL);
            next.add(second);
            balancer.ended(second);
        }

        assertThat(next).hasSize(1).doesNotContain(first);
    }

    @Test
    void returnsToTheTargetWhenItHasRoomAgain() {
        Balancer balancer = of(125);
        long key = KeyHash.of("k");
        int first = start(balancer, key, ALL);
        balancer.ended(first);

        assertThat(start(balancer, key, ALL)).isEqualTo(first);
    }

    @Test
    void countsTheSharesOfTargetsThatCanBeUsedOnly() {
        Balancer balancer = of(101);
        IntStream.range(0, 50).forEach(i -> balancer.started(2));

        int[] picked = IntStream.range(0, 100)
                .map(i -> start(balancer, KeyHash.of("k"), Set.of(0, 1)))
                .toArray();

        assertThat(Arrays.stream(picked).boxed().collect(Collectors.toSet())).containsExactlyInAnyOrder(0, 1);
        assertThat(loads[0].active()).isLessThanOrEqualTo(51);
        assertThat(loads[1].active()).isLessThanOrEqualTo(51);
    }
}
