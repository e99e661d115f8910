package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageReportTest {
    private final Simulation simulation =
            new Simulation(7, Network.GOOD, WindowType.FIXED, Limits.of(Map.of(Period.MINUTE, 3000L)));

    @Test
    void everyNodeTellsClientsWhatAllNodesHaveUsed() {
        simulation.start(3);
        simulation.load(1000, 20_000, 120, () -> simulation.random(3), "k");

        simulation.run(25_000);

        long used = simulation.admitted().size();
        assertThat(used).isGreaterThan(2000);
        for (int node = 0; node < 3; node++) {
            assertThat(simulation.usedAsSeenBy(node, "k", 0)).isEqualTo(used);
        }
    }

    @Test
    void aKeyBelowHalfOfEveryShareIsNotTalkedAbout() {
        simulation.start(3);
        simulation.load(1000, 50_000, 20, () -> simulation.random(3), "k");

        simulation.run(55_000);

        assertThat(simulation.admitted().size()).isGreaterThan(800);
        assertThat(simulation.counted(LaneCounters::sent)).isZero();
    }

    @Test
    void aNewWindowBeginsAtNothing() {
        simulation.start(3);
        simulation.load(1000, 20_000, 120, () -> simulation.random(3), "k");

        simulation.run(60_500);

        assertThat(simulation.usedAsSeenBy(0, "k", 0)).isZero();
    }
}
