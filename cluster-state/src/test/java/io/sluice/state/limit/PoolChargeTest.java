package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests over three nodes whose cost is known when they have been answered. */
class PoolChargeTest {

    private static final int UPSTREAM_MILLIS = 5;
    private static final int BETWEEN_MILLIS = 120;

    private final AtomicInteger passed = new AtomicInteger();
    private Limits limits;

    /** Limits of 5 are scarce, those of an hour are declared. */
    @ParameterizedTest
    @CsvSource({"MINUTE, 20", "MINUTE, 5", "MINUTE, 1", "HOUR, 20", "HOUR, 5", "DAY, 50"})
    void oneAfterTheOtherNeverMoreThanTheLimitPass(Period period, long limit) {
        var simulation = threeNodes(Limits.of(Map.of(period, limit)));

        oneAfterTheOther(simulation, 0, 60, 1);

        assertThat(passed).hasValue((int) limit);
    }

    /** The cost of the last one may go beyond. */
    @ParameterizedTest
    @CsvSource({"MINUTE, 20, 3, 7", "HOUR, 20, 3, 7", "MINUTE, 20, 500, 1", "HOUR, 20, 500, 1", "MINUTE, 5, 2, 3"})
    void whatANodeDoesNotOwnIsTakenFromTheOthers(Period period, long limit, long cost, int passes) {
        var simulation = threeNodes(Limits.of(Map.of(period, limit)));

        oneAfterTheOther(simulation, 0, 30, cost);

        assertThat(passed).hasValue(passes);
    }

    @Test
    void whatIsOwedIsForgottenWhenTheWindowEnds() {
        var simulation = threeNodes(Limits.of(Map.of(Period.MINUTE, 20L, Period.HOUR, 1000L)));
        oneAfterTheOther(simulation, 0, 20, 500);
        simulation.run(61_000);

        oneAfterTheOther(simulation, 61_000, 60, 1);

        assertThat(passed).hasValue(21);
        assertThat(simulation.usedAsSeenBy(0, "k", 1)).isBetween(500L, 530L); // others count as declared
    }

    @Test
    void asLongAsThereAreTokensNobodyIsAsked() {
        var simulation = threeNodes(Limits.of(Map.of(Period.MINUTE, 30L)));

        oneAfterTheOther(simulation, 0, 9, 1);

        assertThat(passed).hasValue(9);
        assertThat(simulation.counted(LaneCounters::sent)).isZero();
        assertThat(simulation.counted(LaneCounters::parked)).isZero();
    }

    @Test
    void manyAtATimeAreWithheldOnceItIsKnownThatNobodyHasAToken() {
        var simulation = threeNodes(Limits.of(Map.of(Period.MINUTE, 20L)));
        for (int i = 0; i < 300; i++) {
            int node = i % 3;
            simulation.at(i, () -> exchange(simulation, node, 1));
        }

        simulation.run(2_000);

        assertThat(passed.get()).isBetween(20, 20 + 3 * UPSTREAM_MILLIS);
    }

    private Simulation threeNodes(Limits some) {
        limits = some;
        var simulation = new Simulation(7, Network.GOOD, WindowType.FIXED, some);
        simulation.start(3);
        return simulation;
    }

    private void oneAfterTheOther(Simulation simulation, long from, int requests, long cost) {
        for (int i = 0; i < requests; i++) {
            int node = i % 3;
            simulation.at(from + (long) i * BETWEEN_MILLIS, () -> exchange(simulation, node, cost));
        }
        simulation.run(from + (long) requests * BETWEEN_MILLIS);
    }

    private void exchange(Simulation simulation, int node, long cost) {
        simulation.use(node, limiter -> {
            var before = new Outcome(limits.size());
            limiter.ensure("k", limits, before);
            before.pending().orElse(CompletableFuture.completedStage(before)).thenAccept(known -> {
                if (known.admitted()) {
                    simulation.later(UPSTREAM_MILLIS, () -> simulation.use(node, same -> answer(same, cost)));
                }
            });
        });
    }

    private void answer(RateLimiter limiter, long cost) {
        var after = new Outcome(limits.size());
        limiter.charge("k", limits, cost, after);
        if (after.admitted()) {
            passed.incrementAndGet();
        }
    }
}
