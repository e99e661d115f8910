package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.state.model.Upstream.Algorithm;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The weight of targets that have just come or come back. */
class SlowStartTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 500 * SECOND;
    private static final int TEN_SECONDS = 10;

    private final TargetLoad old = new TargetLoad();

    private Balancer balancer(Algorithm algorithm, int slowStart, TargetLoad... loads) {
        List<Balancers.Member> members = IntStream.range(0, loads.length)
                .mapToObj(i -> new Balancers.Member("10.0.0." + i + ":80", 100, loads[i]))
                .toList();
        return Balancers.of(
                new Balancers.Plan("u", algorithm, 1000, 0, slowStart * SECOND), members, new AtomicInteger());
    }

    /** The second target's part of so many requests that all stay under way. */
    private static double share(Balancer balancer, long now) {
        int second = 0;
        for (int i = 0; i < 10_000; i++) {
            int target = balancer.pick(new Asking(0, now, Set.of(0, 1)));
            balancer.started(target);
            balancer.responded(target, SECOND, now);
            second += target;
        }
        return second / 10_000.0;
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"CONSISTENT_HASHING"},
            mode = EnumSource.Mode.EXCLUDE)
    void growsFromATenthToTheFullWeight(Algorithm algorithm) {
        TargetLoad fresh = new TargetLoad(NOW);

        double begins = share(balancer(algorithm, TEN_SECONDS, new TargetLoad(), fresh), NOW);
        double half = share(balancer(algorithm, TEN_SECONDS, new TargetLoad(), new TargetLoad(NOW)), NOW + 5 * SECOND);
        double full = share(balancer(algorithm, TEN_SECONDS, new TargetLoad(), new TargetLoad(NOW)), NOW + 10 * SECOND);

        assertThat(begins).isCloseTo(0.1 / 1.1, within(0.02));
        assertThat(half).isCloseTo(0.5 / 1.5, within(0.02));
        assertThat(full).isCloseTo(0.5, within(0.02));
    }

    @Test
    void beginsAgainWhenATargetComesBack() {
        TargetLoad returned = new TargetLoad();
        Balancer balancer = balancer(Algorithm.ROUND_ROBIN, TEN_SECONDS, old, returned);
        assertThat(share(balancer, NOW)).isEqualTo(0.5);

        returned.seen(false, NOW);
        returned.seen(false, NOW + SECOND);
        returned.seen(true, NOW + 60 * SECOND);
        returned.seen(true, NOW + 65 * SECOND);

        assertThat(share(balancer, NOW + 65 * SECOND)).isCloseTo(0.5 / 1.5, within(0.02));
        assertThat(share(balancer, NOW + 70 * SECOND)).isEqualTo(0.5);
    }

    @Test
    void sharesAsEverIfAllStartAtTheSameTime() {
        Balancer balancer = balancer(Algorithm.ROUND_ROBIN, TEN_SECONDS, new TargetLoad(NOW), new TargetLoad(NOW));

        assertThat(share(balancer, NOW)).isCloseTo(0.5, within(0.02));
    }

    @ParameterizedTest
    @CsvSource({"-5, 0.1", "0, 0.1", "1, 0.1", "2, 0.2", "9, 0.9", "10, 1", "1000, 1"})
    void growsEvenlyWithTimeAndToleratesLoopsWhoseClocksLagBehind(long seconds, double share) {
        Weights weights = new Weights(new int[] {7}, new TargetLoad[] {new TargetLoad(NOW)}, 10 * SECOND);

        assertThat(weights.share(0, NOW + seconds * SECOND)).isCloseTo(share, within(1e-9));
        assertThat(weights.at(0, NOW + seconds * SECOND)).isCloseTo(7 * share, within(1e-9));
    }

    @Test
    void mattersOnlyIfItIsAskedFor() {
        assertThat(share(balancer(Algorithm.ROUND_ROBIN, 0, old, new TargetLoad(NOW)), NOW))
                .isEqualTo(0.5);
    }
}
