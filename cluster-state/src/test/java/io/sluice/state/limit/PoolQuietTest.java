package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Keys that stay below half of their limit cost the network nothing, and keys that are over cost no memory. */
class PoolQuietTest {

    private static final int NODES = 3;
    private static final int KEYS = 50;

    @ParameterizedTest
    @EnumSource(names = "CONCURRENCY", mode = Mode.EXCLUDE)
    void keysBelowHalfTheirLimitSendNothing(WindowType type) {
        var simulation = new Simulation(11, Network.GOOD, type, Limits.of(Map.of(Period.MINUTE, 600L)));
        simulation.start(NODES);
        for (int key = 0; key < KEYS; key++) {
            // Fifty a minute at each node, which owns 200: far enough below half for chance.
            simulation.load(0, 180_000, 2.5, () -> simulation.random(NODES), "k" + key);
        }

        simulation.run(181_000);

        assertThat(simulation.admitted().size()).isGreaterThan(KEYS * 2 * 180);
        assertThat(simulation.counted(LaneCounters::denied)).isZero();
        assertThat(simulation.counted(LaneCounters::sent)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "CONCURRENCY", mode = Mode.EXCLUDE)
    void whatIsRememberedOfKeysIsForgottenWhenTheyAreOver(WindowType type) {
        var simulation = new Simulation(12, Network.GOOD, type, Limits.of(Map.of(Period.SECOND, 30L)));
        simulation.start(NODES);
        for (int key = 0; key < KEYS; key++) {
            int node = key % NODES;
            simulation.load(0, 20_000, 60, () -> node, "k" + key);
        }

        simulation.run(20_000);
        long during = simulation.remembered();
        simulation.run(1_400_000); // the ten minutes of a generation, and those after it

        assertThat(during).isGreaterThan(KEYS);
        assertThat(simulation.remembered()).isZero();
    }
}
