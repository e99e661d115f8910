package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LowestLatencyTest {

    private static final long START = 1_000_000_000_000L;

    private final TargetLoad[] loads = {new TargetLoad(), new TargetLoad(), new TargetLoad()};

    private LowestLatency of(int... weights) {
        return new LowestLatency(new AtomicInteger(), loads, Weights.of(weights));
    }

    private static long millis(long count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }

    private static Candidates at(long now) {
        return new Asking(0, now, Set.of(0, 1, 2));
    }

    @Test
    void prefersWhoRespondsSoonest() {
        LowestLatency balancer = of(100, 100, 100);
        balancer.responded(0, millis(30), START);
        balancer.responded(1, millis(10), START);
        balancer.responded(2, millis(20), START);

        assertThat(IntStream.range(0, 5).map(i -> balancer.pick(at(START)))).containsOnly(1);
    }

    @Test
    void countsRequestsUnderWayAndWeights() {
        LowestLatency balancer = of(100, 100, 400);
        balancer.responded(0, millis(30), START);
        balancer.responded(1, millis(10), START);
        balancer.responded(2, millis(60), START);
        balancer.started(1);

        assertThat(balancer.pick(at(START))).isEqualTo(2);
        balancer.started(2);
        balancer.ended(1);
        assertThat(balancer.pick(at(START))).isEqualTo(1);
    }

    @Test
    void believesASlowResponseAtOnceAndFastOnesSlowly() {
        TargetLoad load = loads[0];
        load.responded(millis(10), START);
        load.responded(millis(500), START + millis(1));
        assertThat(load.latency(START + millis(1))).isCloseTo(millis(500), within(1e5));

        load.responded(millis(10), START + millis(1_001));
        assertThat(load.latency(START + millis(1_001)))
                .isCloseTo(millis(500) * Math.exp(-0.1) + millis(10) * (1 - Math.exp(-0.1)), within(1e6));
    }

    @Test
    void asksASlowTargetAgainAfterAWhile() {
        LowestLatency balancer = of(100, 100, 0);
        balancer.responded(0, millis(2_000), START);
        balancer.responded(1, millis(20), START);
        long now = START;
        int seconds = 0;
        while (balancer.pick(at(now)) != 0) {
            balancer.responded(1, millis(20), now);
            now += millis(1_000);
            seconds++;
        }

        assertThat(seconds).isBetween(30, 60);
    }

    @Test
    void takesANewTargetForAnAverageOne() {
        LowestLatency balancer = of(100, 100, 100);
        balancer.responded(0, millis(10), START);
        balancer.responded(1, millis(50), START);
        assertThat(balancer.pick(at(START))).isEqualTo(0);

        IntStream.range(0, 3).forEach(i -> balancer.started(0));

        assertThat(balancer.pick(at(START))).isEqualTo(2);
    }

    @Test
    void takesTurnsWhileNothingIsKnown() {
        LowestLatency balancer = of(100, 100, 100);

        assertThat(IntStream.range(0, 6).map(i -> balancer.pick(at(START)))).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void doesNotTakeAQuickFailureForSpeedButATimeoutForSlowness() {
        LowestLatency balancer = of(100, 100, 0);
        balancer.responded(0, millis(20), START);
        balancer.responded(1, millis(10), START);

        balancer.failed(0, millis(1), START);
        assertThat(balancer.pick(at(START))).isEqualTo(1);
        balancer.failed(1, millis(200), START);
        assertThat(balancer.pick(at(START))).isEqualTo(0);
    }

    @Test
    void knowsNothingOfATargetThatWasSilentForWeeks() {
        TargetLoad load = loads[0];
        load.responded(millis(10), START);

        assertThat(load.latency(START + TimeUnit.DAYS.toNanos(40))).isZero();
    }

    @Test
    void mindsNoClockThatIsAMomentBehind() {
        TargetLoad load = loads[0];
        load.responded(millis(10), START);

        assertThat(load.latency(START - millis(100))).isCloseTo(millis(10), within(1.0));
    }
}
