package io.sluice.node.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RollingCountProperties {

    private static final long WINDOW = 1_000;
    private static final long STEP = 100;

    @Property
    void countsWhatHappenedInTheLastTenSteps(
            @ForAll @LongRange(min = Long.MIN_VALUE / 2, max = Long.MAX_VALUE / 2) long start,
            @ForAll @Size(min = 1, max = 60) List<@LongRange(min = 0, max = 400) Long> gaps) {
        RollingCount count = new RollingCount(WINDOW);
        List<Long> times = new ArrayList<>();
        long now = start;
        for (long gap : gaps) {
            now += gap;
            count.add(now);
            times.add(now);
            long first = Math.floorDiv(now, STEP) - 9;
            long expected = times.stream()
                    .filter(time -> Math.floorDiv(time, STEP) >= first)
                    .count();
            assertThat(count.sum(now)).isEqualTo(expected);
        }
    }

    @Property
    void forgetsWhatIsTakenBack(@ForAll @Size(min = 1, max = 30) List<@LongRange(min = 0, max = 900) Long> times) {
        RollingCount count = new RollingCount(WINDOW);
        times.forEach(count::add);
        times.forEach(count::remove);

        assertThat(count.sum(900)).isZero();
    }
}
