package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** A cluster to which things happen at random. */
final class History {

    private static final int SECONDS = 45;
    private static final String KEY = "k";

    private final Random random;
    final Simulation simulation;
    final long limit;
    private int nodes;

    History(long seed, WindowType type, Period period) {
        this(seed, type, period, 0, 0);
    }

    /**
     * With clocks that are wrong.
     *
     * @param apart milliseconds that a clock may be ahead or behind at the start
     * @param drift how much too fast or too slow one may be, as a part of one
     */
    History(long seed, WindowType type, Period period, int apart, double drift) {
        random = new Random(seed);
        limit = List.of(1L, 5L, 30L, 100L, 300L).get(random.nextInt(5));
        var network = random.nextBoolean() ? Network.GOOD : Network.BAD;
        simulation = new Simulation(seed, network, type, Limits.of(Map.of(period, limit)));
        simulation.startBeforeGenerationEnd(random.nextInt(SECONDS * 1000));
        nodes = 2 + random.nextInt(5);
        simulation.start(nodes, clocks(apart, drift));
        double rate = limit * (period == Period.SECOND ? 0.5 + 4 * random.nextDouble() : 0.1);
        simulation.load(0, SECONDS * 1000L, Math.max(2, rate), this::someNode, KEY);
        simulation.load(0, SECONDS * 1000L, Math.max(2, rate / 2), () -> 0, KEY);
        for (int i = 0; i < 8; i++) {
            simulation.at(random.nextInt(SECONDS * 1000 - 12_000), this::trouble);
        }
    }

    private NodeClock[] clocks(int apart, double drift) {
        if (apart == 0) {
            return new NodeClock[0];
        }
        return Stream.generate(() ->
                        new NodeClock(random.nextInt(2 * apart + 1) - apart, drift * (2 * random.nextDouble() - 1)))
                .limit(nodes)
                .toArray(NodeClock[]::new);
    }

    private int someNode() {
        return simulation.someNode();
    }

    private void trouble() {
        switch (random.nextInt(6)) {
            case 0 -> simulation.pause(simulation.someNode(), 1 + random.nextInt(15_000));
            case 1 -> {
                simulation.join();
                nodes++;
            }
            case 2 -> {
                if (simulation.present() > 2) {
                    simulation.leave(simulation.someNode());
                }
            }
            case 3 -> {
                if (simulation.present() > 3) {
                    simulation.crash(simulation.someNode());
                }
            }
            case 4 -> {
                int[] sides = random.ints(nodes, 0, 2).toArray();
                simulation.partition(sides);
                simulation.later(random.nextInt(7_000), simulation::heal);
            }
            default -> simulation.later(random.nextInt(5_000), () -> simulation.request(simulation.someNode(), KEY));
        }
    }

    /** Who go by different clocks are in different windows: there is no moment at which to add up what they own. */
    void runUnwatched() {
        simulation.run(SECONDS * 1000L);
    }

    /** At no moment do all nodes together own more than there is. */
    void run() {
        for (long millis = 20; millis <= SECONDS * 1000L; millis += 20) {
            simulation.run(millis);
            assertThat(simulation.owned(KEY, 0)).as("owned at %d ms", millis).isLessThanOrEqualTo(limit);
        }
    }
}
