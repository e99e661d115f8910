package io.sluice.state.limit;

import java.util.Locale;

/** The lengths of Kong's calendar windows, in UTC. They nest: every window lies in exactly one of each longer period. */
public enum Period {
    SECOND(1, 1),
    MINUTE(60, 2),
    HOUR(3_600, 4),
    DAY(86_400, 8),
    MONTH(2_592_000, 16),
    YEAR(31_536_000, 32);

    private static final long MILLIS_PER_DAY = 86_400_000;
    private static final long DAYS_PER_ERA = 146_097;
    private static final long DAYS_TO_1970 = 719_468;

    private final long nominalSeconds;
    private final int bit;
    private final String word = name().toLowerCase(Locale.ROOT);

    Period(long nominalSeconds, int bit) {
        this.nominalSeconds = nominalSeconds;
        this.bit = bit;
    }

    /** A bit of its own, to compare sets of periods cheaply. */
    int bit() {
        return bit;
    }

    /** Its place in the order, shortest first; part of what nodes tell each other, so it never changes. */
    int bitPosition() {
        return Integer.numberOfTrailingZeros(bit);
    }

    /** The word in configuration, for example {@code minute}. */
    public String word() {
        return word;
    }

    /** The length in seconds that clients are told: 30 days for a month, 365 for a year. */
    public long nominalSeconds() {
        return nominalSeconds;
    }

    /** Which window of this period a time (milliseconds since the epoch, not negative) lies in; 0 holds the epoch. */
    public long index(long millis) {
        // A constant divisor is a multiplication, and this is done several times for each request.
        return switch (this) {
            case SECOND -> millis / 1_000;
            case MINUTE -> millis / 60_000;
            case HOUR -> millis / 3_600_000;
            case DAY -> millis / MILLIS_PER_DAY;
            case MONTH, YEAR -> calendarIndex(millis);
        };
    }

    /** The first millisecond of a window. */
    public long start(long index) {
        return switch (this) {
            case MONTH -> firstDay(1970 + index / 12, index % 12 + 1) * MILLIS_PER_DAY;
            case YEAR -> firstDay(1970 + index, 1) * MILLIS_PER_DAY;
            default -> index * nominalSeconds * 1000;
        };
    }

    /** Whole seconds since the start of the window that the time lies in. */
    public long elapsedSeconds(long millis) {
        return (millis - start(index(millis))) / 1000;
    }

    // Days and months as in "chrono-Compatible Low-Level Date Algorithms" (H. Hinnant): years begin in March, in eras
    // of 400.
    private long calendarIndex(long millis) {
        long day = millis / MILLIS_PER_DAY + DAYS_TO_1970;
        long era = day / DAYS_PER_ERA;
        long dayOfEra = day % DAYS_PER_ERA;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long fromMarch = (5 * dayOfYear + 2) / 153;
        long year = era * 400 + yearOfEra + (fromMarch >= 10 ? 1 : 0) - 1970;
        long month = fromMarch >= 10 ? fromMarch - 10 : fromMarch + 2;
        return this == YEAR ? year : year * 12 + month;
    }

    private static long firstDay(long year, long month) {
        long shifted = month <= 2 ? year - 1 : year;
        long era = shifted / 400;
        long yearOfEra = shifted % 400;
        long dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
        return era * DAYS_PER_ERA + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - DAYS_TO_1970;
    }
}
