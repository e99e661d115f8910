package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Upstream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every algorithm, with each of its options. */
class BalancerContractTest {

    private static final long SECOND = 1_000_000_000L;

    static Stream<Balancers.Plan> plans() {
        return Arrays.stream(Upstream.Algorithm.values())
                .flatMap(algorithm -> IntStream.of(0, 125)
                        .boxed()
                        .flatMap(factor -> Stream.of(0L, 10 * SECOND)
                                .map(slowStart -> new Balancers.Plan("u", algorithm, 1000, factor, slowStart))));
    }

    private static Balancer balancer(Balancers.Plan plan, int... weights) {
        List<Balancers.Member> members = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            members.add(new Balancers.Member("10.0.0." + i + ":80", weights[i], new TargetLoad(i * SECOND)));
        }
        return Balancers.of(plan, members, new AtomicInteger(-3));
    }

    /** Requests with many keys, each of which may use some targets only. */
    private static Set<Integer> picked(Balancer balancer, Set<Integer> usable) {
        Set<Integer> picked = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            int target = balancer.pick(new Asking(KeyHash.of("key " + i), 2 * SECOND, usable));
            picked.add(target);
            if (target != Balancer.NONE) {
                balancer.started(target);
            }
        }
        return picked;
    }

    @ParameterizedTest
    @MethodSource("plans")
    void usesEveryTargetThatHasAWeightAndNoOther(Balancers.Plan plan) {
        assertThat(picked(balancer(plan, 100, 0, 50, 0, 100), Set.of(0, 1, 2, 3, 4)))
                .containsExactlyInAnyOrder(0, 2, 4);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void usesOnlyWhatMayBeUsed(Balancers.Plan plan) {
        assertThat(picked(balancer(plan, 100, 1, 50, 65_535), Set.of(1, 2))).containsExactlyInAnyOrder(1, 2);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void findsTheOnlyOneThatIsLeftOfMany(Balancers.Plan plan) {
        int[] weights = new int[200];
        Arrays.fill(weights, 10);

        assertThat(picked(balancer(plan, weights), Set.of(150))).containsExactly(150);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void findsNoneIfNothingMayBeUsed(Balancers.Plan plan) {
        assertThat(picked(balancer(plan), Set.of())).containsOnly(Balancer.NONE);
        assertThat(picked(balancer(plan, 0, 0), Set.of(0, 1))).containsOnly(Balancer.NONE);
        assertThat(picked(balancer(plan, 100, 100), Set.of())).containsOnly(Balancer.NONE);
        assertThat(picked(balancer(plan, 100, 0), Set.of(1))).containsOnly(Balancer.NONE);
    }
}
