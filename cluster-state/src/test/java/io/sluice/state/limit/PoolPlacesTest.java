package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** Requests at a time that last for minutes, while nodes come and go. */
class PoolPlacesTest {

    private static final int LIMIT = 30;
    private static final String KEY = "k";
    private static final long LONG = 600_000;

    /** A join at four, twenty seconds of quiet, eleven of notice, and five for all to have settled. */
    private static final long SHARED_OUT = 40_000;

    private final Limits limits = Limits.concurrent(LIMIT);
    private final Simulation simulation = new Simulation(7, Network.GOOD, WindowType.CONCURRENCY, limits);
    private final Places places = new Places(simulation, limits, KEY);

    /** Requests every ten milliseconds for a while. */
    private void ask(long from, long until, IntSupplier node, long millis) {
        for (long time = from; time < until; time += 10) {
            simulation.at(time, () -> places.request(node.getAsInt(), millis));
        }
    }

    @Test
    void allPlacesCanBeTakenAtOneNodeAndNoMore() {
        simulation.start(3);
        ask(100, 3_000, () -> 1, LONG);
        ask(3_000, 5_000, simulation::someNode, LONG);

        simulation.run(5_000);

        assertThat(places.at(1)).isEqualTo(LIMIT);
        assertThat(places.most()).isEqualTo(LIMIT);
    }

    @Test
    void whoJoinsGetsNoPlaceThatIsTaken() {
        simulation.start(2);
        ask(100, 3_000, () -> 0, LONG);
        simulation.at(4_000, simulation::join);
        ask(10_000, 150_000, simulation::someNode, LONG);

        simulation.run(150_000);

        assertThat(places.at(0)).isEqualTo(LIMIT);
        assertThat(places.most()).isEqualTo(LIMIT);
    }

    @Test
    void whoJoinsHasAllPlacesOnceTheyAreFree() {
        simulation.start(2);
        ask(100, 3_000, () -> 0, 100_000);
        simulation.at(4_000, simulation::join);
        ask(104_000, 106_000, () -> 2, LONG);

        simulation.run(106_000);

        assertThat(places.at(2)).isEqualTo(LIMIT);
        assertThat(places.most()).isEqualTo(LIMIT);
    }

    @Test
    void fewSecondsAfterKeysAreSharedOutAfreshAllOfThemIsOwned() {
        simulation.start(2);
        ask(100, 3_000, () -> 0, LONG);
        simulation.at(4_000, simulation::join);

        simulation.run(SHARED_OUT);

        assertThat(simulation.owned("idle", 0)).isEqualTo(LIMIT);
        assertThat(simulation.owned(KEY, 0)).isEqualTo(LIMIT);
        assertThat(places.at(0)).isEqualTo(LIMIT);
    }

    @Test
    void placesStayTakenOverMidnight() {
        simulation.startBeforeGenerationEnd(10_000);
        simulation.start(3);
        ask(100, 3_000, () -> 2, LONG);
        ask(3_000, 120_000, simulation::someNode, LONG);

        simulation.run(120_000);

        assertThat(places.at(2)).isEqualTo(LIMIT);
        assertThat(places.most()).isEqualTo(LIMIT);
        assertThat(simulation.owned(KEY, 0)).isEqualTo(LIMIT);
    }

    @Test
    void aDeadNodesPlacesComeBackWhenItIsRemoved() {
        simulation.start(3);
        ask(100, 3_000, () -> 0, LONG);
        simulation.at(4_000, () -> {
            simulation.crash(0);
            places.end(0);
        });
        ask(5_000, 14_000, simulation::someNode, LONG);
        simulation.run(14_000);
        int beforeRemoval = places.now();
        ask(30_000, 33_000, simulation::someNode, LONG);

        simulation.run(33_000);

        assertThat(beforeRemoval).isZero();
        assertThat(places.now()).isEqualTo(LIMIT);
        assertThat(places.most()).isEqualTo(LIMIT);
    }

    @Test
    void whoLeavesHandsOverAllPlaces() {
        simulation.start(3);
        ask(100, 3_000, () -> 0, LONG);
        simulation.at(4_000, () -> simulation.leave(0));
        simulation.at(5_700, () -> places.end(0));
        ask(4_500, 120_000, simulation::someNode, LONG);

        simulation.run(120_000);

        assertThat(places.now()).isEqualTo(LIMIT);
        assertThat(places.most()).isEqualTo(LIMIT);
    }
}
