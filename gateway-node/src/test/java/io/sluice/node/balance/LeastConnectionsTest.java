package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeastConnectionsTest {

    private static final Candidates ANY = new Asking(0, 0, Set.of(0, 1, 2));

    private final TargetLoad[] loads = {new TargetLoad(), new TargetLoad(), new TargetLoad()};

    private LeastConnections of(int... weights) {
        return new LeastConnections(new AtomicInteger(), loads, Weights.of(weights));
    }

    private static int start(Balancer balancer, Candidates candidates) {
        int target = balancer.pick(candidates);
        balancer.started(target);
        return target;
    }

    @Test
    void prefersWhoHasTheFewestRequests() {
        LeastConnections balancer = of(100, 100, 100);
        balancer.started(0);
        balancer.started(0);
        balancer.started(2);

        assertThat(start(balancer, ANY)).isEqualTo(1);
        balancer.ended(0);
        balancer.ended(0);
        assertThat(start(balancer, ANY)).isEqualTo(0);
    }

    @Test
    void keepsRequestsInProportionToTheWeights() {
        LeastConnections balancer = of(300, 200, 100);

        IntStream.range(0, 600).forEach(i -> start(balancer, ANY));

        assertThat(loads[0].active()).isEqualTo(300);
        assertThat(loads[1].active()).isEqualTo(200);
        assertThat(loads[2].active()).isEqualTo(100);
    }

    @Test
    void takesTurnsAmongIdleTargets() {
        LeastConnections balancer = of(100, 100, 100);

        assertThat(IntStream.range(0, 6).map(i -> balancer.pick(ANY))).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void countsWhatWasBegunThroughAnEarlierBalancerOfTheSameTargets() {
        LeastConnections replaced = of(100, 100, 100);
        replaced.started(0);
        replaced.started(1);
        LeastConnections balancer = of(100, 100, 90);
        assertThat(balancer.pick(ANY)).isEqualTo(2);

        replaced.ended(0);
        balancer.started(2);

        assertThat(balancer.pick(ANY)).isEqualTo(0);
    }

    @Test
    void countsWithWeightsThatMultiplyBeyondAnInt() {
        LeastConnections balancer = of(65_535, 65_535, 1);
        IntStream.range(0, 65_536).forEach(i -> balancer.started(0));

        assertThat(balancer.pick(ANY)).isEqualTo(1);
    }
}
