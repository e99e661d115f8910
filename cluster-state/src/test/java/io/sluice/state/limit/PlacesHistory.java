package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;

/** A cluster with requests short and long, to which things happen at random for a minute and a half; then all is well again. */
final class PlacesHistory {

    private static final long TROUBLED = 90_000;

    /** The last one has been removed, quiet, notice. */
    private static final long WELL = TROUBLED + 75_000;

    private static final long END = WELL + 10_000;
    private static final String KEY = "k";

    private final Random random;
    private final int limit;
    private final Simulation simulation;
    private final Places places;
    private int nodes;

    PlacesHistory(long seed) {
        random = new Random(seed);
        limit = List.of(1, 5, 30, 100).get(random.nextInt(4));
        Limits limits = Limits.concurrent(limit);
        var network = random.nextBoolean() ? Network.GOOD : Network.BAD;
        simulation = new Simulation(seed, network, WindowType.CONCURRENCY, limits);
        places = new Places(simulation, limits, KEY);
        simulation.startBeforeGenerationEnd(random.nextInt((int) TROUBLED));
        nodes = 2 + random.nextInt(4);
        simulation.start(nodes);
        for (long time = 100; time < WELL - 5_000; time += 1 + random.nextInt(2_000 / limit + 10)) {
            long begin = time;
            simulation.at(begin, () -> request(begin));
        }
        for (int i = 0; i < 8; i++) {
            simulation.at(random.nextInt((int) TROUBLED - 15_000), this::trouble);
        }
        for (long time = WELL; time < END; time += 10) {
            simulation.at(time, () -> places.request(simulation.someNode(), END));
        }
    }

    /** Most are short, some last to the end of the trouble; all are over before it is looked whether all places are there again. */
    private void request(long begin) {
        long left = WELL - 1_000 - begin;
        long millis = switch (random.nextInt(10)) {
            case 0 -> left;
            case 1, 2, 3 -> random.nextInt(20_000);
            default -> random.nextInt(200);
        };
        places.request(random.nextInt(3) == 0 ? 0 : simulation.someNode(), Math.min(millis, left));
    }

    private void trouble() {
        switch (random.nextInt(5)) {
            case 0 -> simulation.pause(simulation.someNode(), 1 + random.nextInt(15_000));
            case 1 -> {
                simulation.join();
                nodes++;
            }
            case 2 -> {
                if (simulation.present() > 2) {
                    int leaver = simulation.someNode();
                    simulation.leave(leaver);
                    simulation.later(1_700, () -> places.end(leaver));
                }
            }
            case 3 -> {
                if (simulation.present() > 3) {
                    int dead = simulation.someNode();
                    simulation.crash(dead);
                    places.end(dead);
                }
            }
            default -> {
                int[] sides = random.ints(nodes, 0, 2).toArray();
                simulation.partition(sides);
                simulation.later(random.nextInt(7_000), simulation::heal);
            }
        }
    }

    /** At no moment are there more requests than places, nor own all nodes together more; in the end all places are there. */
    void run() {
        for (long millis = 100; millis <= END; millis += 100) {
            simulation.run(millis);
            assertThat(simulation.owned(KEY, 0)).as("owned at %d ms", millis).isLessThanOrEqualTo(limit);
            assertThat(places.most()).as("taken at %d ms", millis).isLessThanOrEqualTo(limit);
        }
        assertThat(places.now()).as("taken in the end").isEqualTo(limit);
    }
}
