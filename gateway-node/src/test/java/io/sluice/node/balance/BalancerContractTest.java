package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Upstream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every algorithm. */
class BalancerContractTest {

    private static Balancer balancer(Upstream.Algorithm algorithm, int... weights) {
        List<Balancers.Member> members = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            members.add(new Balancers.Member("10.0.0." + i + ":80", weights[i], new TargetLoad()));
        }
        return Balancers.of(algorithm, 1000, members, new AtomicInteger(-3));
    }

    /** Requests with many keys, each of which may use some targets only. */
    private static Set<Integer> picked(Balancer balancer, Set<Integer> usable) {
        Set<Integer> picked = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            int target = balancer.pick(new Asking(KeyHash.of("key " + i), 0, usable));
            picked.add(target);
            if (target != Balancer.NONE) {
                balancer.started(target);
            }
        }
        return picked;
    }

    @ParameterizedTest
    @EnumSource(Upstream.Algorithm.class)
    void usesEveryTargetThatHasAWeightAndNoOther(Upstream.Algorithm algorithm) {
        assertThat(picked(balancer(algorithm, 100, 0, 50, 0, 100), Set.of(0, 1, 2, 3, 4)))
                .containsExactlyInAnyOrder(0, 2, 4);
    }

    @ParameterizedTest
    @EnumSource(Upstream.Algorithm.class)
    void usesOnlyWhatMayBeUsed(Upstream.Algorithm algorithm) {
        assertThat(picked(balancer(algorithm, 100, 1, 50, 65_535), Set.of(1, 2)))
                .containsExactlyInAnyOrder(1, 2);
    }

    @ParameterizedTest
    @EnumSource(Upstream.Algorithm.class)
    void findsNoneIfNothingMayBeUsed(Upstream.Algorithm algorithm) {
        assertThat(picked(balancer(algorithm), Set.of())).containsOnly(Balancer.NONE);
        assertThat(picked(balancer(algorithm, 0, 0), Set.of(0, 1))).containsOnly(Balancer.NONE);
        assertThat(picked(balancer(algorithm, 100, 100), Set.of())).containsOnly(Balancer.NONE);
        assertThat(picked(balancer(algorithm, 100, 0), Set.of(1))).containsOnly(Balancer.NONE);
    }
}
