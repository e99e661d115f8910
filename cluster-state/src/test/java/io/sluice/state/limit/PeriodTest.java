package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodTest {

    @ParameterizedTest
    @CsvSource({
        "SECOND, 2024-02-29T23:59:59.999Z, 2024-02-29T23:59:59Z",
        "MINUTE, 2024-02-29T23:59:59.999Z, 2024-02-29T23:59:00Z",
        "HOUR,   2024-02-29T23:59:59.999Z, 2024-02-29T23:00:00Z",
        "DAY,    2024-02-29T23:59:59.999Z, 2024-02-29T00:00:00Z",
        "MONTH,  2024-02-29T23:59:59.999Z, 2024-02-01T00:00:00Z",
        "MONTH,  2024-03-01T00:00:00.000Z, 2024-03-01T00:00:00Z",
        "YEAR,   2024-12-31T23:59:59.999Z, 2024-01-01T00:00:00Z",
        "YEAR,   2025-01-01T00:00:00.000Z, 2025-01-01T00:00:00Z",
        "MONTH,  2025-12-31T23:59:59.999Z, 2025-12-01T00:00:00Z",
    })
    void beginsWhereTheCalendarSays(Period period, Instant time, Instant begin) {
        long start = period.start(period.index(time.toEpochMilli()));

        assertThat(Instant.ofEpochMilli(start)).isEqualTo(begin);
        assertThat(period.elapsedSeconds(time.toEpochMilli())).isEqualTo(ChronoUnit.SECONDS.between(begin, time));
    }

    @Property
    void monthsAndYearsAreThoseOfTheCalendar(@ForAll @LongRange(max = 7_000_000_000_000L) long millis) {
        var date = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
        long months = (date.getYear() - 1970) * 12L + date.getMonthValue() - 1;
        var month = date.withDayOfMonth(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        var year = date.withDayOfYear(1).atStartOfDay(ZoneOffset.UTC).toInstant();

        assertThat(Period.MONTH.index(millis)).isEqualTo(months);
        assertThat(Period.MONTH.start(months)).isEqualTo(month.toEpochMilli());
        assertThat(Period.YEAR.index(millis)).isEqualTo(date.getYear() - 1970);
        assertThat(Period.YEAR.start(date.getYear() - 1970)).isEqualTo(year.toEpochMilli());
    }
}
