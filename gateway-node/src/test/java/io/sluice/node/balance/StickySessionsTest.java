package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Upstream.Algorithm;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StickySessionsTest {

    private static final Set<Integer> ALL = Set.of(0, 1, 2);
    private static final List<String> NAMES = List.of("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");

    private final Balancer balancer = of("u", NAMES, 100, 100, 100);

    private static Balancer of(String upstream, List<String> names, int... weights) {
        List<Balancers.Member> members = IntStream.range(0, names.size())
                .mapToObj(i -> new Balancers.Member(names.get(i), weights[i], new TargetLoad()))
                .toList();
        return Balancers.of(
                new Balancers.Plan(upstream, Algorithm.STICKY_SESSIONS, 10, 0, 0), members, new AtomicInteger());
    }

    private static int pick(Balancer balancer, long key, Set<Integer> usable) {
        return balancer.pick(new Asking(key, 0, usable));
    }

    @Test
    void takesTurnsAmongClientsWithoutATarget() {
        assertThat(IntStream.range(0, 6).map(i -> pick(balancer, 0, ALL))).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void returnsToTheTargetThatTheKeyNames() {
        for (int target = 0; target < 3; target++) {
            long key = balancer.identity(target);
            assertThat(IntStream.range(0, 5).map(i -> pick(balancer, key, ALL))).containsOnly(target);
        }
    }

    @Test
    void picksAnotherForATargetThatIsGoneOrUnusable() {
        assertThat(pick(balancer, balancer.identity(1), Set.of(0, 2))).isIn(0, 2);
        assertThat(pick(balancer, 12345, ALL)).isIn(0, 1, 2);
        assertThat(pick(of("u", NAMES, 100, 0, 100), balancer.identity(1), ALL)).isIn(0, 2);
    }

    @Test
    void namesATargetAlikeOnEveryNodeWhateverTheOrderButDifferentlyInEachUpstream() {
        Balancer elsewhere = of("u", List.of(NAMES.get(2), NAMES.get(0)), 1, 2);

        assertThat(elsewhere.identity(0)).isEqualTo(balancer.identity(2));
        assertThat(elsewhere.identity(1)).isEqualTo(balancer.identity(0));
        assertThat(of("v", NAMES, 1, 1, 1).identity(0)).isNotEqualTo(balancer.identity(0));
        assertThat(Arrays.asList(balancer.identity(0), balancer.identity(1), balancer.identity(2)))
                .doesNotHaveDuplicates()
                .doesNotContain(0L);
    }

    @Test
    void keepsTheNamesOfTargetsAcrossVersions() {
        assertThat(Long.toHexString(balancer.identity(0))).isEqualTo("3ff8214d17b532a0");
    }
}
