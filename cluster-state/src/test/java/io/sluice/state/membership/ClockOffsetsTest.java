package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClockOffsetsTest {

    private static final long FAST = TimeUnit.MICROSECONDS.toNanos(400);

    private final ClockOffsets offsets = new ClockOffsets();

    /** Ways of 20 ms in the mean, independent of each other, to two peers whose clocks are right. */
    @Test
    void slowAnswersOfABusyMachineHardlyMoveTheTime() {
        Random random = new Random(5);
        long most = 0;
        for (int round = 0; round < 2_000; round++) {
            for (long peer = 1; peer <= 2; peer++) {
                double there = 0.2 - 20 * Math.log(1 - random.nextDouble());
                double back = 0.2 - 20 * Math.log(1 - random.nextDouble());
                long measured = (long) Math.floor((there - back) / 2);
                offsets.measure(peer, measured, (long) ((there + back) * 1_000_000));
            }
            if (round >= 20) {
                most = Math.max(most, Math.abs(offsets.median()));
            }
        }

        assertThat(most).isLessThanOrEqualTo(5);
    }

    @Test
    void aClockThatWasSetIsFoundOutBySlowAnswersToo() {
        offsets.measure(1, 0, FAST);
        offsets.measure(2, 0, FAST);

        offsets.measure(1, 800, TimeUnit.MILLISECONDS.toNanos(30));
        offsets.measure(2, 800, TimeUnit.MILLISECONDS.toNanos(30));

        assertThat(offsets.median()).isBetween(784L, 800L);
    }

    @Test
    void aFastAnswerIsTakenAsItIs() {
        offsets.measure(1, 9, TimeUnit.MILLISECONDS.toNanos(30));
        offsets.measure(2, 9, TimeUnit.MILLISECONDS.toNanos(30));

        offsets.measure(1, 1, FAST);
        offsets.measure(2, 1, FAST);

        assertThat(offsets.median()).isEqualTo(1);
    }
}
