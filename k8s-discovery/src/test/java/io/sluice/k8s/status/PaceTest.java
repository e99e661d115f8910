package io.sluice.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Pace pace = new Pace(3, 2, new Random(1), 0);

    private int taken(long now) {
        int count = 0;
        while (pace.take(now)) {
            count++;
        }
        return count;
    }

    @Test
    void someAtOnceThenSoManyEachSecond() {
        assertThat(taken(0)).isEqualTo(3);
        assertThat(taken(SECOND / 4)).isZero();
        assertThat(taken(SECOND)).isEqualTo(2);
        assertThat(taken(100 * SECOND)).isEqualTo(3);
    }

    @Test
    void pausesGrowUntilOneSucceeds() {
        pace.failed(0);
        assertThat(pace.take(SECOND / 2)).isFalse();
        assertThat(pace.take(SECOND)).isTrue();
        pace.failed(10 * SECOND);
        assertThat(pace.take(11 * SECOND)).isFalse();
        assertThat(pace.take(12 * SECOND)).isTrue();
        for (int i = 0; i < 100; i++) {
            pace.failed(20 * SECOND);
        }
        assertThat(pace.take(60 * SECOND)).isFalse();
        assertThat(pace.take(80 * SECOND)).isTrue();
        pace.succeeded();
        pace.failed(100 * SECOND);
        assertThat(pace.take(101 * SECOND)).isTrue();
    }
}
