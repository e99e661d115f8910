package io.sluice.state.limit;

import static io.sluice.state.limit.Period.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten nodes, a limit of 1000 per second, and trouble: the table of what must be shown. */
class PoolTableTest {
    private static final int NODES = 10;
    private static final long LIMIT = 1000;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void neverAdmitsMoreThanTheLimitAndHardlyLess(
            String name, double mostLost, Consumer<Simulation> scenario, int seconds) {
        var simulation = new Simulation(42, Network.GOOD, WindowType.FIXED, Limits.of(Map.of(SECOND, LIMIT)));
        simulation.start(NODES);
        scenario.accept(simulation);

        simulation.run(seconds * 1000L);

        var windows = simulation.admitted().byWindow(1000);
        long most = windows.values().stream().mapToLong(Long::longValue).max().orElse(0);
        double lost = lost(simulation, windows, seconds);
        assertThat(most).isLessThanOrEqualTo(LIMIT);
        assertThat(lost).isLessThanOrEqualTo(mostLost);
    }

    /** Of the whole windows in the middle: what was neither admitted nor offered, in percent of what could be. */
    private static double lost(Simulation simulation, Map<Long, Long> windows, int seconds) {
        long could = 0;
        long did = 0;
        for (long second = 1; second < seconds - 1; second++) {
            long window = Simulation.EPOCH / 1000 + second;
            long possible = Math.min(LIMIT, simulation.admitted().offeredIn(second));
            could += possible;
            did += Math.min(possible, windows.getOrDefault(window, 0L));
        }
        return could == 0 ? 0 : 100.0 * (could - did) / could;
    }

    static java.util.stream.Stream<Arguments> neverAdmitsMoreThanTheLimitAndHardlyLess() {
        return java.util.stream.Stream.of(
                scenario("half", 0.5, s -> s.load(0, 12_000, 500, () -> s.random(NODES), "k")),
                scenario("2x", 1, s -> s.load(0, 12_000, 2 * LIMIT, () -> s.random(NODES), "k")),
                scenario("10x", 1, s -> s.load(0, 12_000, 10 * LIMIT, () -> s.random(NODES), "k")),
                scenario("burst 5L in 100 ms", 1, s -> {
                    for (int second = 0; second < 12; second++) {
                        s.load(second * 1000 + 300, second * 1000 + 400, 50 * LIMIT, () -> s.random(NODES), "k");
                    }
                }),
                scenario(
                        "90/10 skew",
                        1,
                        s -> s.load(0, 12_000, 2 * LIMIT, () -> s.random(10) < 9 ? 0 : 1 + s.random(9), "k")),
                scenario("all on one node", 1, s -> s.load(0, 12_000, 1.2 * LIMIT, () -> 3, "k")),
                scenario("client moving between nodes", 1, s -> {
                    for (int i = 0; i < 24; i++) {
                        int node = i % NODES;
                        s.load(i * 500, i * 500 + 500, 0.95 * LIMIT, () -> node, "k");
                    }
                }),
                scenario("7 s half/half partition", 1, s -> {
                    s.load(0, 12_000, 2 * LIMIT, () -> s.random(NODES), "k");
                    s.at(1500, () -> s.partition(0, 0, 0, 0, 0, 1, 1, 1, 1, 1));
                    s.at(8500, s::heal);
                }),
                // A cut that lasts longer ends with one side removed, so the other must have stopped before: half is
                // lost.
                scenario("for ever half/half partition", 30, s -> {
                    s.load(0, 12_000, 2 * LIMIT, () -> s.random(NODES), "k");
                    s.at(1500, () -> s.partition(0, 0, 0, 0, 0, 1, 1, 1, 1, 1));
                }),
                scenario(
                        "rolling restart of all",
                        1,
                        s -> {
                            s.load(0, 60_000, LIMIT * 0.8, s::someNode, "k");
                            for (int i = 0; i < NODES; i++) {
                                int node = i;
                                s.at(1000 + i * 4000, () -> s.leave(node));
                                s.at(4000 + i * 4000, s::join);
                            }
                        },
                        60),
                scenario(
                        "crash of one",
                        12,
                        s -> {
                            s.load(0, 40_000, LIMIT * 2, s::someNode, "k");
                            s.at(2500, () -> s.crash(4));
                        },
                        40));
    }

    private static Arguments scenario(String name, double mostLost, Consumer<Simulation> plan) {
        return scenario(name, mostLost, plan, 12);
    }

    private static Arguments scenario(String name, double mostLost, Consumer<Simulation> plan, int seconds) {
        return Arguments.of(name, mostLost, plan, seconds);
    }
}
