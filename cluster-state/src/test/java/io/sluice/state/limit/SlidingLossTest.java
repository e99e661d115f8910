package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of a limit that slides is had by clients that always want more. */
class SlidingLossTest {

    private static final long WARM = 5_000;
    private static final long END = 35_000;

    @ParameterizedTest(name = "{0} nodes, {1} a second, {2} times as many wanted")
    @CsvSource({"1, 100, 1.5", "3, 100, 1.5", "3, 100, 3", "3, 1000, 1.5", "10, 100, 1.5", "10, 1000, 1.5", "3, 30, 1.5"
    })
    void losesLittleOfIt(int nodes, long limit, double load) {
        var simulation = new Simulation(
                nodes + limit, Network.GOOD, WindowType.SLIDING, Limits.of(Map.of(Period.SECOND, limit)));
        simulation.start(nodes);
        simulation.load(0, END, limit * load, () -> simulation.random(nodes), "k");

        simulation.run(WARM);
        int before = simulation.admitted().size();
        simulation.run(END);

        double possible = simulation.admitted().possible(limit, 1_000_000, WARM * 1_000);
        double lost = 1 - (simulation.admitted().size() - before) / possible;
        assertThat(simulation.admitted().mostInAnyInterval(1_000)).isLessThanOrEqualTo(limit);
        assertThat(lost).isLessThanOrEqualTo(0.01);
    }
}
