package io.sluice.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HoldOffTest {

    private final HoldOff holdOff = new HoldOff(Duration.ofNanos(100), Duration.ofNanos(1_000));

    @Test
    void waitsForNothingBeforeTheFirstChange() {
        assertThat(holdOff.remaining(5)).isEmpty();
    }

    @Test
    void isOverWhenNothingHasChangedForAWhile() {
        holdOff.changed(10);
        holdOff.changed(60);

        assertThat(holdOff.remaining(60)).isEqualTo(OptionalLong.of(100));
        assertThat(holdOff.remaining(159)).isEqualTo(OptionalLong.of(1));
        assertThat(holdOff.remaining(170)).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void doesNotWaitForeverForChangesThatKeepComing() {
        for (long now = 0; now <= 990; now += 10) {
            holdOff.changed(now);
        }

        assertThat(holdOff.remaining(990)).isEqualTo(OptionalLong.of(10));
    }

    @Test
    void beginsAnewWithTheFirstChangeAfterTheLastWasTaken() {
        holdOff.changed(0);
        holdOff.taken();
        assertThat(holdOff.remaining(500)).isEmpty();

        holdOff.changed(2_000);

        assertThat(holdOff.remaining(2_000)).isEqualTo(OptionalLong.of(100));
    }
}
