package io.sluice.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private final BackOff backOff = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(5), new Random(1));

    @Test
    void doublesUpToTheLongestPause() {
        for (int i = 0; i < 100; i++) {
            long full = i < 6 ? 100L << i : 5_000;

            assertThat(backOff.next().toMillis()).isBetween(full / 2, full);
        }
    }

    @Test
    void beginsAnewAfterASuccess() {
        for (int i = 0; i < 10; i++) {
            backOff.next();
        }

        backOff.reset();

        assertThat(backOff.failures()).isZero();
        assertThat(backOff.next().toMillis()).isBetween(50L, 100L);
    }
}
