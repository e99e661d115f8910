package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The home of a key is only where one asks first: an old one, two of them or none cost messages, never the limit. */
class PoolHomeTest {

    private static final long MINUTE = 60_000;

    /** While nodes join one after the other each of them goes by another home for a while. */
    @ParameterizedTest(name = "{0} a minute")
    @CsvSource({"5", "20", "100", "1000"})
    void nodesThatTakeDifferentNodesForTheHomeKeepToTheLimit(long limit) {
        for (int seed = 0; seed < 5; seed++) {
            var simulation =
                    new Simulation(seed, Network.GOOD, WindowType.FIXED, Limits.of(Map.of(Period.MINUTE, limit)));
            simulation.start(2);
            for (int joiner = 0; joiner < 4; joiner++) {
                simulation.at(3_000 + joiner * 300L, simulation::join);
            }
            simulation.load(0, 3 * MINUTE, limit / 20.0 + 0.3, simulation::someNode, "k");

            simulation.run(3 * MINUTE);

            assertThat(simulation.admitted().byWindow(MINUTE).values()).allMatch(count -> count <= limit);
            assertThat(simulation.admitted().byWindow(MINUTE)).hasSize(3);
            assertThat(simulation.admitted().byWindow(MINUTE).get(Simulation.EPOCH / MINUTE + 2))
                    .as("all is had again when they agree, seed %s", seed)
                    .isEqualTo(limit);
        }
    }

    /** Until a dead node is removed a key that it was the home of has none. */
    @ParameterizedTest(name = "{0} a minute, node {1} dies")
    @CsvSource({"5, 0", "5, 1", "5, 2", "100, 0", "100, 1", "100, 2"})
    void aKeyWithoutAHomeKeepsToTheLimitAndFindsAnother(long limit, int home) {
        var simulation = new Simulation(3, Network.GOOD, WindowType.FIXED, Limits.of(Map.of(Period.MINUTE, limit)));
        simulation.start(3);
        simulation.at(5_000, () -> simulation.crash(home));
        simulation.load(5_100, 3 * MINUTE, limit / 20.0 + 0.3, simulation::someNode, "k");

        simulation.run(3 * MINUTE);

        assertThat(simulation.admitted().byWindow(MINUTE).values()).allMatch(count -> count <= limit);
        assertThat(simulation.admitted().byWindow(MINUTE).get(Simulation.EPOCH / MINUTE + 2))
                .isEqualTo(limit);
    }
}
