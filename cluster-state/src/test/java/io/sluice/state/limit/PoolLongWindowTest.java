package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows of an hour and longer, which must outlive the nodes that spend their tokens. */
class PoolLongWindowTest {

    private static final long HOUR = 3_600_000;
    private static final long LIMIT = 1_000;

    private final Simulation simulation =
            new Simulation(7, Network.GOOD, WindowType.FIXED, Limits.of(Map.of(Period.HOUR, LIMIT)));

    @Test
    void allOfALimitIsAdmittedWhoeverIsAsked() {
        simulation.start(3);
        simulation.load(0, 20_000, 100, () -> simulation.random(3), "k");

        simulation.run(21_000);

        assertThat(simulation.admitted().size()).isEqualTo(LIMIT);
    }

    /**
     * Late in a window little use counts as little demand, so tokens that are in use go to whoever asks; free ones come in for them
     * all the same, and the recipients must not have them before the next window.
     */
    @Test
    void allOfASmallLimitIsAdmittedInEachWindowThoughManyWantItAtOnce() {
        for (int seed = 0; seed < 40; seed++) {
            var small = new Simulation(seed, Network.GOOD, WindowType.FIXED, Limits.of(Map.of(Period.HOUR, 20L)));
            small.start(3);
            for (long from : new long[] {HOUR - 20_000, HOUR + 1_000}) {
                for (int node = 0; node < 3; node++) {
                    int asked = node;
                    long begin = from + small.random(10);
                    small.load(begin, begin + 1 + small.random(30), 200 + small.random(4_000), () -> asked, "k");
                }
                small.load(from + 1_000, from + 19_000, 20, () -> small.random(3), "k");
            }

            small.run(HOUR + 21_000);

            assertThat(small.admitted().byWindow(HOUR).values())
                    .as("seed %d", seed)
                    .containsExactly(20L, 20L);
        }
    }

    @Test
    void aCrashLosesNoMoreThanAChunk() {
        simulation.start(3);
        simulation.load(0, 5_000, 60, () -> simulation.random(3), "k");
        simulation.at(6_000, () -> simulation.crash(1));
        simulation.load(30_000, 50_000, 100, () -> simulation.random(2) * 2, "k");

        simulation.run(51_000);

        assertThat(simulation.admitted().byWindow(HOUR).values())
                .singleElement()
                .satisfies(count -> assertThat(count).isBetween(LIMIT - LIMIT / 3 / 100 - 1, LIMIT));
    }

    @Test
    void allNodesButOneMayCrashOneAfterTheOther() {
        simulation.start(5);
        simulation.load(0, 5_000, 60, () -> simulation.random(5), "k");
        for (int node = 1; node < 5; node++) {
            int victim = node;
            simulation.at(6_000 + 30_000 * node, () -> simulation.crash(victim));
        }
        simulation.load(160_000, 180_000, 100, () -> 0, "k");

        simulation.run(181_000);

        assertThat(simulation.admitted().size()).isBetween((int) LIMIT - 20, (int) LIMIT);
    }

    @Test
    void aNodeThatIsCutOffSpendsOnlyWhatAMajorityKnowsOf() {
        simulation.start(3);
        simulation.load(0, 2_000, 60, () -> simulation.random(3), "k");
        simulation.at(3_000, () -> simulation.partition(0, 0, 1));
        simulation.load(3_100, 6_000, 200, () -> 2, "k");
        simulation.run(3_050);
        int before = simulation.admitted().size();

        simulation.run(6_100);

        assertThat(simulation.admitted().size() - before).isLessThanOrEqualTo((int) LIMIT / 3 / 100 + 1);
    }

    @Test
    void whatADeadNodeLeftIsSpentAlsoByThoseWhoAskedForItTooEarly() {
        simulation.start(3);
        simulation.at(1_000, () -> simulation.crash(1));
        simulation.load(1_100, 60_000, 100, () -> simulation.random(2) * 2, "k");

        simulation.run(61_000);

        assertThat(simulation.admitted().size()).isBetween((int) LIMIT - 4, (int) LIMIT);
    }

    @Test
    void whatALeaverHadDeclaredIsNotTakenFromWhatAnotherLeft() {
        simulation.start(3);
        simulation.load(0, 4_000, 60, () -> 1, "k");
        simulation.at(5_000, () -> simulation.leave(0));
        simulation.at(9_000, () -> simulation.leave(1));
        simulation.load(30_000, 60_000, 100, () -> 2, "k");

        simulation.run(61_000);

        assertThat(simulation.admitted().size()).isBetween((int) LIMIT - 4, (int) LIMIT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aScarceKeyOutlivesItsHome(int victim) {
        var scarce = new Simulation(7, Network.GOOD, WindowType.FIXED, Limits.of(Map.of(Period.HOUR, 10L)));
        scarce.start(3);
        scarce.at(1_000, () -> scarce.crash(victim));
        scarce.load(1_100, 60_000, 20, () -> (victim + 1 + scarce.random(2)) % 3, "k");

        scarce.run(61_000);

        assertThat(scarce.admitted().size()).isBetween(9, 10);
    }
}
