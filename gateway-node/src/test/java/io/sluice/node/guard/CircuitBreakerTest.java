package io.sluice.node.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.guard.CircuitBreaker.Pass;
import io.sluice.node.guard.CircuitBreaker.Position;
import io.sluice.state.model.UpstreamOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitBreakerTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long START = -3 * SECOND;

    private final List<String> told = new ArrayList<>();
    private int rank;
    private int members = 1;
    private final CircuitBreaker breaker = of(50, 10, 4);
    private long now = START;

    private CircuitBreaker of(int percent, int minRequests, int trials) {
        UpstreamOptions.CircuitBreaker settings =
                new UpstreamOptions.CircuitBreaker(percent, minRequests, 10, 30, trials);
        return new CircuitBreaker("u", settings, new CircuitBreaker.Signals() {
            @Override
            public long agreedMillis() {
                return 1_000_000 + (now - START) / 1_000_000;
            }

            @Override
            public int members() {
                return members;
            }

            @Override
            public int rank() {
                return rank;
            }

            @Override
            public void changed(String upstream, boolean open, long version) {
                told.add(upstream + (open ? " open " : " closed ") + version);
            }
        });
    }

    private Pass enter() {
        return breaker.enter(now);
    }

    private void request(Outcome outcome) {
        breaker.ended(enter(), outcome, now);
    }

    private void requests(int count, Outcome outcome) {
        IntStream.range(0, count).forEach(i -> request(outcome));
    }

    private void open() {
        requests(10, Outcome.FAILURE);
        assertThat(breaker.position(now)).isEqualTo(Position.OPEN);
    }

    private void pass(long seconds) {
        now += seconds * SECOND;
    }

    @Test
    void opensWhenTooManyOfEnoughRequestsFail() {
        requests(5, Outcome.SUCCESS);
        requests(4, Outcome.FAILURE);
        assertThat(breaker.position(now)).isEqualTo(Position.CLOSED);
        request(Outcome.FAILURE);

        assertThat(breaker.position(now)).isEqualTo(Position.OPEN);
        assertThat(enter()).isNull();
        assertThat(breaker.refused()).isEqualTo(1);
        assertThat(breaker.opened()).isEqualTo(1);
        assertThat(told).containsExactly("u open 1000000");
    }

    @Test
    void staysClosedWhileFewRequestsFailOrThereAreFew() {
        requests(9, Outcome.FAILURE);
        requests(10, Outcome.SUCCESS);
        requests(100, Outcome.UNKNOWN);
        assertThat(breaker.position(now)).isEqualTo(Position.CLOSED);
        pass(10);
        requests(9, Outcome.FAILURE);

        assertThat(breaker.position(now)).isEqualTo(Position.CLOSED);
        assertThat(told).isEmpty();
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        requests(9, Outcome.FAILURE);
        pass(10);
        request(Outcome.FAILURE);

        assertThat(breaker.position(now)).isEqualTo(Position.CLOSED);
    }

    @Test
    void tellsWhenToAskAgain() {
        open();
        assertThat(breaker.retryAfter(now)).isEqualTo(30);
        now += 28 * SECOND + 1;
        assertThat(breaker.retryAfter(now)).isEqualTo(2);
        pass(10);
        assertThat(breaker.retryAfter(now)).isEqualTo(1);
    }

    @Test
    void letsAFewRequestsTryAfterTheOpenTimeAndClosesIfTheyAreWell() {
        open();
        pass(29);
        assertThat(enter()).isNull();
        pass(1);
        assertThat(breaker.position(now)).isEqualTo(Position.HALF_OPEN);
        List<Pass> trials = IntStream.range(0, 4).mapToObj(i -> enter()).toList();
        assertThat(trials).doesNotContainNull();
        assertThat(enter()).isNull();

        breaker.ended(trials.get(0), Outcome.FAILURE, now);
        IntStream.range(1, 3).forEach(i -> breaker.ended(trials.get(i), Outcome.SUCCESS, now));
        assertThat(enter()).isNull();
        breaker.ended(trials.get(3), Outcome.SUCCESS, now);

        assertThat(breaker.position(now)).isEqualTo(Position.CLOSED);
        assertThat(enter()).isNotNull();
        assertThat(told).containsExactly("u open 1000000", "u closed 1030000");
    }

    @Test
    void opensAgainAsSoonAsTooManyTrialsHaveFailed() {
        open();
        pass(30);
        requests(2, Outcome.FAILURE);

        assertThat(breaker.position(now)).isEqualTo(Position.OPEN);
        assertThat(breaker.retryAfter(now)).isEqualTo(30);
        assertThat(breaker.opened()).isEqualTo(2);
    }

    @Test
    void givesThePlaceOfATrialThatToldNothingToAnother() {
        open();
        pass(30);
        requests(20, Outcome.UNKNOWN);

        IntStream.range(0, 4).forEach(i -> assertThat(enter()).isNotNull());
        assertThat(enter()).isNull();
    }

    @Test
    void beginsAnotherRoundIfTrialsBringNoResult() {
        open();
        pass(30);
        IntStream.range(0, 4).forEach(i -> assertThat(enter()).isNotNull());
        pass(29);
        assertThat(enter()).isNull();
        pass(1);

        IntStream.range(0, 4).forEach(i -> assertThat(enter()).isNotNull());
        assertThat(enter()).isNull();
    }

    @Test
    void countsNothingThatBeganBeforeTheStateChanged() {
        Pass early = enter();
        open();
        pass(30);
        breaker.ended(early, Outcome.FAILURE, now);
        breaker.ended(early, Outcome.FAILURE, now);
        breaker.ended(early, Outcome.FAILURE, now);

        assertThat(breaker.position(now)).isEqualTo(Position.HALF_OPEN);
        requests(4, Outcome.SUCCESS);
        assertThat(breaker.position(now)).isEqualTo(Position.CLOSED);
    }

    @ParameterizedTest
    @CsvSource({"3, 4", "3, 10", "3, 1", "5, 3", "1, 1", "7, 7", "4, 6"})
    void sharesTheTrialsAmongTheNodesAndLeavesNoNodeWithoutForEver(int nodes, int trials) {
        int[] inAll = new int[nodes];
        for (int round = 0; round < nodes; round++) {
            int inRound = 0;
            for (int node = 0; node < nodes; node++) {
                members = nodes;
                rank = node;
                CircuitBreaker one = of(100, 1, trials);
                one.learned(true, 1, 0, START);
                long at = START + (30 + 30L * round) * SECOND;
                while (one.enter(at) != null) {
                    inRound++;
                    inAll[node]++;
                }
            }
            assertThat(inRound).isEqualTo(trials);
        }
        assertThat(inAll).doesNotContain(0);
    }

    @Test
    void learnsFromOtherNodes() {
        breaker.learned(true, 7, 10 * SECOND, now);

        assertThat(breaker.position(now)).isEqualTo(Position.OPEN);
        assertThat(breaker.retryAfter(now)).isEqualTo(20);
        assertThat(enter()).isNull();
        breaker.learned(false, 8, 0, now);
        assertThat(breaker.position(now)).isEqualTo(Position.CLOSED);
        assertThat(told).isEmpty();
    }

    @Test
    void believesTheLatestAndOfTwoAtOnceTheOneThatOpens() {
        breaker.learned(false, 7, 0, now);
        breaker.learned(true, 6, 0, now);
        assertThat(breaker.position(now)).isEqualTo(Position.CLOSED);
        breaker.learned(true, 7, 0, now);
        assertThat(breaker.position(now)).isEqualTo(Position.OPEN);
        breaker.learned(false, 7, 0, now);
        assertThat(breaker.position(now)).isEqualTo(Position.OPEN);
    }

    @Test
    void goesByWhatItHasSeenItselfIfThatIsEnough() {
        Pass early = enter();
        requests(10, Outcome.SUCCESS);
        breaker.learned(true, 7, 0, now);
        breaker.learned(true, 7, 3 * SECOND, now);
        assertThat(breaker.position(now)).isEqualTo(Position.CLOSED);
        assertThat(breaker.opened()).isZero();

        breaker.ended(early, Outcome.FAILURE, now);
        requests(10, Outcome.FAILURE);
        assertThat(breaker.position(now)).isEqualTo(Position.OPEN);
        assertThat(told).containsExactly("u open 1000000");
    }

    @Test
    void believesOthersWhenItHasSeenLittleOrNothingGood() {
        requests(9, Outcome.SUCCESS);
        breaker.learned(true, 7, 0, now);

        assertThat(breaker.position(now)).isEqualTo(Position.OPEN);
    }

    @Test
    void goesStraightToTrialsIfWhatItLearnsIsOld() {
        breaker.learned(true, 7, 45 * SECOND, now);

        assertThat(breaker.position(now)).isEqualTo(Position.HALF_OPEN);
        assertThat(enter()).isNotNull();
    }

    @Test
    void changesWithAVersionAboveThatOfEveryChangeItKnows() {
        breaker.learned(false, 5_000_000, 0, now);
        open();

        assertThat(told).containsExactly("u open 5000001");
    }
}
