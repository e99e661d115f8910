package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows that slide over a moment from which keys are shared out otherwise: what can be had meanwhile. */
class PoolEraTest {

    /** When the last joiner's era has begun: twenty seconds of quiet, ten of notice, and a bit. */
    private static final long SHARED_OUT = 45_000;

    private static final int KEYS = 12;

    @ParameterizedTest(name = "{0} {1} per {2}")
    @CsvSource({
        "SLIDING, 20, MINUTE", "SLIDING, 5, MINUTE", "SLIDING, 100, MINUTE", "SLIDING, 20, HOUR", "SLIDING, 1000, HOUR",
        "BUCKET, 20, MINUTE", "BUCKET, 5, MINUTE", "BUCKET, 100, MINUTE", "BUCKET, 20, HOUR", "BUCKET, 1000, HOUR"
    })
    void aLimitIsHadRightAfterNodesHaveJoined(WindowType type, long limit, Period period) {
        var simulation = new Simulation(limit, Network.GOOD, type, Limits.of(Map.of(period, limit)));
        simulation.start(1);
        simulation.at(1_000, simulation::join);
        simulation.at(1_500, simulation::join);
        for (int key = 0; key < KEYS; key++) {
            simulation.load(SHARED_OUT, SHARED_OUT + 15_000, limit / 4.0, simulation::someNode, "k" + key);
        }

        simulation.run(SHARED_OUT + 16_000);

        // A bucket that is not full gives nothing that it cannot spend itself, since nobody knows what of that is
        // missing.
        long least = type == WindowType.BUCKET ? limit * KEYS / 2 : limit * KEYS;
        assertThat(simulation.admitted().size()).isGreaterThanOrEqualTo((int) least);
    }

    /** Nothing else happens to the key meanwhile that would have the node look again. */
    @ParameterizedTest
    @EnumSource(
            value = WindowType.class,
            names = {"SLIDING", "BUCKET"})
    void whatComesWhenAGenerationBeginsCanBeSpentWhenTheLastOneDoesNotCountAnyMore(WindowType type) {
        var limits = Limits.of(Map.of(Period.SECOND, 100L));
        var node = new OneNode(type, limits, Simulation.EPOCH, OneNode.SELF, OneNode.OTHER); // that is when one begins
        var pool = node.open();
        long owned = node.owned("k");
        assertThat(node.admitted(pool, "k", 1)).isOne();

        node.lane().receive(new PoolMessage.Grant(node.row(pool.hash("k"), 0, OneNode.OTHER, OneNode.SELF, 6, 0), 7));
        node.now += 2_100;

        assertThat(node.admitted(pool, "k", 300)).isBetween((int) owned + 5, (int) owned + 6);
    }
}
