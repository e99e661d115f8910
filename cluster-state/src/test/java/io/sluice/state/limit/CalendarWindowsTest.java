package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalendarWindowsTest {
    private static final List<Period> ALL = List.of(Period.values());

    @Test
    void areThoseOfEachPeriodForAsLongAsTheyContainTheTime() {
        var random = new SplittableRandom(1);
        int contained = 0;
        for (int i = 0; i < 10_000; i++) {
            long time = random.nextLong(2_000, 4_000_000_000_000L);
            List<Period> periods = ALL.subList(random.nextInt(ALL.size()), ALL.size());
            long other = time + random.nextLong(-2_000, 2_000);

            var windows = CalendarWindows.at(periods, time);

            assertThat(windows.contain(time)).isTrue();
            assertThat(windows.contain(other))
                    .isEqualTo(periods.stream().allMatch(period -> period.index(other) == period.index(time)));
            contained += windows.contain(other) ? 1 : 0;
            for (int position = 0; position < periods.size(); position++) {
                Period period = periods.get(position);
                assertThat(windows.index(position)).isEqualTo(period.index(time));
                assertThat(windows.end(position)).isEqualTo(period.start(period.index(time) + 1));
            }
        }
        assertThat(contained).isBetween(1_000, 9_999);
    }

    @Test
    void limitsFollowTheTimeInBothDirections() {
        var limits = Limits.of(Map.of(Period.SECOND, 1L, Period.DAY, 2L));

        for (long time : new long[] {90_000_500, 90_001_000, 90_000_999, 5, 90_001_000}) {
            assertThat(limits.windows(time).index(0)).isEqualTo(time / 1_000);
            assertThat(limits.windows(time).end(1)).isEqualTo((time / 86_400_000 + 1) * 86_400_000);
        }
    }
}
