package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.health.Judgement.AskOthers;
import io.sluice.state.health.Judgement.Condemn;
import io.sluice.state.health.Judgement.Connect;
import io.sluice.state.health.Judgement.Heal;
import io.sluice.state.health.Judgement.Nothing;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an owner makes of what nodes 1 to 3 have seen, with limits of 2 connections, 3 timeouts, 3 bad and 2 good answers. */
class JudgementTest {

    private static Evidence tcp(int count) {
        return new Evidence(0, count, 0, 0);
    }

    private static Evidence http(int count) {
        return new Evidence(0, 0, 0, count);
    }

    private static Evidence good(int count) {
        return new Evidence(count, 0, 0, 0);
    }

    static List<Arguments> cases() {
        return List.of(
                Arguments.of("nothing seen", true, Map.of(), Nothing.NOTHING),
                Arguments.of("below the limit", true, Map.of(1L, http(1), 2L, http(1)), Nothing.NOTHING),
                Arguments.of(
                        "the sum of several", true, Map.of(1L, http(1), 2L, http(2)), new Condemn(Failure.HTTP, 2)),
                Arguments.of("one alone", true, Map.of(1L, http(3), 2L, tcp(1)), new AskOthers(Failure.HTTP, 1)),
                Arguments.of(
                        "timeouts of one alone",
                        true,
                        Map.of(3L, new Evidence(0, 0, 3, 0)),
                        new AskOthers(Failure.TIMEOUT, 3)),
                Arguments.of(
                        "no connection on one", true, Map.of(3L, tcp(2), 1L, http(1)), new Connect(Failure.TCP, 3)),
                Arguments.of("no connection on two", true, Map.of(3L, tcp(1), 2L, tcp(1)), new Connect(Failure.TCP, 2)),
                Arguments.of(
                        "mostly not connected in time",
                        true,
                        Map.of(3L, new Evidence(0, 0, 2, 0, 2), 2L, new Evidence(0, 0, 1, 0)),
                        new Connect(Failure.CONNECT_TIMEOUT, 3)),
                Arguments.of(
                        "connections count first",
                        true,
                        Map.of(1L, new Evidence(0, 2, 3, 3)),
                        new Connect(Failure.TCP, 1)),
                Arguments.of("what is down stays down", false, Map.of(1L, http(9)), Nothing.NOTHING),
                Arguments.of("too few good answers", false, Map.of(1L, good(1), 2L, good(1)), Nothing.NOTHING),
                Arguments.of("enough good answers", false, Map.of(1L, good(1), 2L, good(2)), new Heal(2)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judgesByWhatAllNodesHaveSeen(String name, boolean up, Map<Long, Evidence> seen, Judgement expected) {
        Judgement judgement = Judgement.of(HealthSamples.passive().passive(), up, new TreeMap<>(seen));

        assertThat(judgement).isEqualTo(expected);
    }
}
