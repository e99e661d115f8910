package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits that are changed while keys are in use and their tokens have moved. */
class PoolLimitsTest {

    private static final int NODES = 4;

    @ParameterizedTest(name = "{0}, {1} to {2} per second")
    @CsvSource({"FIXED, 400, 100", "FIXED, 400, 7", "SLIDING, 400, 100", "FIXED, 100, 400", "FIXED, 400, 399"})
    void holdFromTheChangeOnHoweverTokensHaveMoved(WindowType type, long before, long after) {
        var simulation = new Simulation(before * after, Network.GOOD, type, Limits.of(Map.of(Period.SECOND, before)));
        simulation.start(NODES);
        // Two nodes get all that the others have.
        simulation.load(0, 5_000, 2.0 * before, () -> simulation.random(2), "k");
        simulation.run(5_000);
        simulation.limits(Limits.of(Map.of(Period.SECOND, after)));
        simulation.load(5_000, 25_000, 2.0 * Math.max(before, after), () -> simulation.random(NODES), "k");

        simulation.run(25_000);

        Map<Long, Long> windows = simulation.admitted().byWindow(1000);
        long first = Simulation.EPOCH / 1000 + 6;
        for (long window = first + 1; window < first + 19; window++) {
            assertThat(windows.getOrDefault(window, 0L))
                    .as("second %d", window - first)
                    .isLessThanOrEqualTo(after)
                    .isGreaterThanOrEqualTo(window < first + 6 ? 0 : after * 8 / 10);
        }
    }
}
