package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;

/** As many requests as a limit allows, wherever in a healthy cluster they arrive. A seed is a cluster with its requests;
 * every run tries the same ones, so that a build does not depend on luck. */
class PoolRoomProperties {

    private static final String KEY = "k";

    @Property(tries = 25, seed = "20261123", shrinking = ShrinkingMode.OFF)
    void nothingIsRefusedWhileTheLimitHasRoom(@ForAll @LongRange(min = 0) long seed) {
        Random random = new Random(seed);
        int nodes = List.of(1, 2, 3, 5, 8, 30, 100).get(random.nextInt(7));
        int limit = List.of(1, 7, 50, 1_000, 10_000).get(random.nextInt(5));
        int favourite = random.nextInt(nodes);
        double skew = random.nextDouble();
        var simulation =
                new Simulation(seed, Network.GOOD, WindowType.FIXED, Limits.of(Map.of(Period.MINUTE, (long) limit)));
        simulation.start(nodes);
        for (int i = 0; i < limit; i++) {
            int node = random.nextDouble() < skew ? favourite : random.nextInt(nodes);
            simulation.at(random.nextInt(30_000), () -> simulation.request(node, KEY));
        }

        simulation.run(31_000);

        // Of more than eight nodes only those are asked that are believed to have some, so the last tokens are not
        // always found.
        assertThat(simulation.admitted().size()).isBetween(limit - limit / (nodes <= 8 ? 1_000 : 100), limit);
    }
}
