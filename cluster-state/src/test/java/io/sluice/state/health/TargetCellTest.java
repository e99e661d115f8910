package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kong's counters, as requests feed them. */
class TargetCellTest {

    private final List<TargetCell> told = new ArrayList<>();
    private int second = 1_000;
    private final TargetCell cell = new TargetCell(HealthSamples.ONE, () -> second, told::add);

    TargetCellTest() {
        cell.watch(HealthSamples.passive());
    }

    @ParameterizedTest
    @CsvSource({"TCP, 2", "TIMEOUT, 3", "HTTP, 3"})
    void goesDownWithTheLastFailureOfTheLimitAndNotBefore(Failure failure, int limit) {
        for (int i = 1; i < limit; i++) {
            cell.failed(failure);
        }
        boolean before = cell.usable();
        cell.failed(failure);

        assertThat(before).isTrue();
        assertThat(cell.usable()).isFalse();
        assertThat(cell.own()).isEqualTo(OwnOpinion.DOWN);
        assertThat(cell.flippedBy()).isEqualTo(failure);
    }

    @Test
    void successSetsAllFailuresToZero() {
        cell.failed(Failure.TCP);
        cell.responded(500);
        cell.failed(Failure.TIMEOUT);
        assertThat(cell.evidence()).isEqualTo(new Evidence(0, 1, 1, 1));

        cell.responded(200);

        assertThat(cell.evidence()).isEqualTo(Evidence.NONE);
    }

    @Test
    void failuresOfDifferentKindsAreCountedApart() {
        cell.failed(Failure.TCP);
        cell.responded(503);
        cell.responded(503);
        cell.failed(Failure.TIMEOUT);
        cell.failed(Failure.TIMEOUT);

        assertThat(cell.usable()).isTrue();
    }

    @Test
    void timeoutsOfConnectingAreTimeoutsToldApart() {
        cell.failed(Failure.TIMEOUT);
        cell.failed(Failure.CONNECT_TIMEOUT);
        boolean early = cell.usable();
        cell.failed(Failure.CONNECT_TIMEOUT);

        assertThat(early).isTrue();
        assertThat(cell.usable()).isFalse();
        assertThat(cell.evidence()).isEqualTo(new Evidence(0, 0, 3, 0, 2));
    }

    @Test
    void failedConnectionsMakeItSuspectForAMomentAndOtherFailuresDoNot() {
        cell.failed(Failure.TIMEOUT);
        cell.responded(500);
        boolean answers = cell.suspect(System.nanoTime());
        long then = System.nanoTime(); // not later: suspicion is over after a moment, which a busy machine may take
        cell.failed(Failure.CONNECT_TIMEOUT);
        boolean connections = cell.suspect(then);

        assertThat(answers).isFalse();
        assertThat(connections).isTrue();
        assertThat(cell.suspect(System.nanoTime() + 1_000_000_000L)).isFalse();
    }

    @Test
    void statusInNeitherListCountsAsNothing() {
        cell.responded(500);
        cell.responded(404);

        assertThat(cell.evidence()).isEqualTo(new Evidence(0, 0, 0, 1));
    }

    @Test
    void whatIsSwitchedOffOrNotWatchedIsNotCounted() {
        TargetCell unwatched = new TargetCell(HealthSamples.OTHER, () -> second, told::add);
        for (int i = 0; i < 10; i++) {
            unwatched.failed(Failure.TCP);
            unwatched.responded(500);
        }

        assertThat(unwatched.usable()).isTrue();
        assertThat(unwatched.evidence()).isEqualTo(Evidence.NONE);
        assertThat(told).isEmpty();
    }

    @Test
    void withoutChecksItIsUsableWhateverIsKnown() {
        Healthchecks checks = HealthSamples.passive();
        Healthchecks.Passive off = new Healthchecks.Passive(
                ProbeType.HTTP,
                checks.passive().healthy(),
                new Healthchecks.Unhealthy(Duration.ZERO, Statuses.of(List.of(500)), 0, 0, 0));
        cell.verdict(false);
        cell.own(OwnOpinion.DOWN);

        cell.watch(new Healthchecks(checks.active(), off, 0));
        boolean unchecked = cell.usable();
        cell.watch(checks);

        assertThat(unchecked).isTrue();
        assertThat(cell.usable()).isFalse();
    }

    @Test
    void keeperIsToldOnceUntilItLooks() {
        cell.responded(500);
        cell.responded(500);
        assertThat(told).hasSize(1);

        cell.look();
        cell.responded(500);

        assertThat(told).hasSize(2);
    }

    @Test
    void successesOfAHealthyTargetTellNobody() {
        for (int i = 0; i < 100; i++) {
            cell.responded(200);
        }

        assertThat(told).isEmpty();
    }

    @Test
    void verdictAndOwnOpinionDecideTogether() {
        cell.verdict(false);
        boolean condemned = cell.usable();
        cell.own(OwnOpinion.UP);
        boolean seenAlive = cell.usable();
        cell.own(OwnOpinion.NONE);
        cell.verdict(true);
        boolean free = cell.usable();
        cell.own(OwnOpinion.DOWN);

        assertThat(condemned).isFalse();
        assertThat(seenAlive).isTrue();
        assertThat(free).isTrue();
        assertThat(cell.usable()).isFalse();
    }

    @Test
    void downTargetCountsSuccessesAndNoFailures() {
        cell.failed(Failure.TCP);
        cell.failed(Failure.TCP);
        cell.reset();
        cell.look();

        cell.responded(500);
        cell.responded(200);
        cell.responded(200);

        assertThat(cell.evidence()).isEqualTo(new Evidence(2, 0, 0, 0));
        assertThat(told).hasSize(2);
    }

    @Test
    void vouchesOnlyForWhatAnsweredLately() {
        boolean never = cell.succeededWithin(10);
        cell.responded(200);
        second += 10;
        boolean lately = cell.succeededWithin(10);
        second++;

        assertThat(never).isFalse();
        assertThat(lately).isTrue();
        assertThat(cell.succeededWithin(10)).isFalse();
    }

    @Test
    void countersNeverRunIntoEachOther() {
        for (int i = 0; i < 100_000; i++) {
            cell.own(OwnOpinion.NONE);
            cell.failed(Failure.TIMEOUT);
        }

        assertThat(cell.evidence()).isEqualTo(new Evidence(0, 0, 4_095, 0));
    }

    @Test
    void noFailureIsLostBetweenThreads() throws Exception {
        Healthchecks checks = HealthSamples.passive();
        cell.watch(new Healthchecks(
                checks.active(),
                new Healthchecks.Passive(
                        ProbeType.HTTP,
                        checks.passive().healthy(),
                        new Healthchecks.Unhealthy(Duration.ZERO, Statuses.of(List.of(500)), 0, 0, 4_095)),
                0));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch begin = new CountDownLatch(1);
        for (int i = 0; i < 4; i++) {
            threads.execute(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int k = 0; k < 1_000; k++) {
                    cell.responded(500);
                }
            });
        }

        begin.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        assertThat(cell.evidence().httpFailures()).isEqualTo(4_000);
    }
}
