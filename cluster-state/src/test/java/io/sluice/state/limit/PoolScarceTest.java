package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fewer tokens than would keep every node going: each of them must be found wherever it is. */
class PoolScarceTest {

    @ParameterizedTest(name = "{0} nodes, {1} per minute, {2}")
    @CsvSource({
        "3, 5, FIXED",
        "3, 20, FIXED",
        "10, 5, FIXED",
        "10, 1, FIXED",
        "10, 20, FIXED",
        "30, 50, FIXED",
        "100, 100, FIXED",
        "3, 5, SLIDING",
        "10, 5, SLIDING",
        "10, 20, SLIDING",
        "10, 40, SLIDING",
        "10, 5, BUCKET"
    })
    void admitsExactlyTheLimitOfRequestsSpreadOverAllNodes(int nodes, long limit, WindowType type) {
        var simulation = new Simulation(limit * nodes, Network.GOOD, type, Limits.of(Map.of(Period.MINUTE, limit)));
        simulation.start(nodes);
        for (int minute = 0; minute < 5; minute++) {
            // A bit more than the limit in ten seconds of every minute.
            simulation.load(
                    minute * 60_000 + 5_000,
                    minute * 60_000 + 15_000,
                    limit * 0.13 + 0.3,
                    () -> simulation.random(nodes),
                    "k");
        }

        simulation.run(300_000);

        long possible = 0;
        for (long minute = 0; minute < 5; minute++) {
            long offered = 0;
            for (long second = 0; second < 60; second++) {
                offered += simulation.admitted().offeredIn(minute * 60 + second);
            }
            possible += Math.min(limit, offered);
        }
        long admitted = simulation.admitted().size();
        switch (type) {
            case FIXED -> {
                assertThat(simulation.admitted().byWindow(60_000).values()).allMatch(count -> count <= limit);
                assertThat(admitted).isEqualTo(possible);
            }
            case SLIDING -> {
                assertThat(simulation.admitted().mostInAnyInterval(60_000)).isLessThanOrEqualTo(limit);
                assertThat(admitted).isGreaterThan(possible * 3 / 4);
            }
            default -> {
                assertThat(simulation.admitted().mostInAnyInterval(60_000)).isLessThanOrEqualTo(2 * limit);
                assertThat(admitted).isEqualTo(possible);
            }
        }
    }
}
