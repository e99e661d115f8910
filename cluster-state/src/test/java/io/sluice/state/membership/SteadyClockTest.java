package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private static final long START = 1_800_000_000_000L;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final SteadyClock clock = new SteadyClock(0, START);

    @Test
    void aStepOfTheWallClockIsFollowedByOnePartInAThousand() {
        clock.follow(SECOND, START + 1_000 + 800);

        assertThat(clock.millis(SECOND)).isEqualTo(START + 1_001);
    }

    @Test
    void afterAWhileItShowsWhatTheWallClockDoes() {
        for (int second = 1; second <= 900; second++) {
            clock.follow(second * SECOND, START + second * 1_000L - 800);
        }

        assertThat(clock.millis(900 * SECOND)).isEqualTo(START + 900_000 - 800);
    }

    @Test
    void itNeverGoesBackThoughTheWallClockDoes() {
        long last = START;
        for (int tenth = 1; tenth <= 100; tenth++) {
            long now = tenth * SECOND / 10;
            clock.follow(now, START - 5_000);
            assertThat(clock.millis(now)).isGreaterThan(last);
            last = clock.millis(now);
        }
    }

    @Test
    void afterASleepItIsRightAtOnceAndSaysSo() {
        long stepped = clock.follow(SECOND, START + 600_000);

        assertThat(stepped).isEqualTo(599_000);
        assertThat(clock.millis(SECOND)).isEqualTo(START + 600_000);
    }

    @Test
    void aSuspendedMachineIsNoticedOnce() {
        clock.follow(SECOND, START + 1_000);
        boolean before = clock.slept();
        clock.follow(2 * SECOND, START + 2_000 + 30_000);
        boolean after = clock.slept();
        clock.follow(3 * SECOND, START + 3_000 + 30_000);

        assertThat(before).isFalse();
        assertThat(after).isTrue();
        assertThat(clock.slept()).isFalse();
    }

    @Test
    void othersKeepTheirTimeWhenThisClockIsStepped() {
        ClockOffsets offsets = new ClockOffsets();
        offsets.measure(1, 5, 1_000);
        offsets.measure(2, 7, 1_000);

        offsets.stepped(599_000);

        assertThat(offsets.median()).isEqualTo(7 - 599_000);
    }
}
