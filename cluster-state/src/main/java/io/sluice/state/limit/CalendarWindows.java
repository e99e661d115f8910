package io.sluice.state.limit;

import java.util.List;

/** The calendar windows that a time lies in, one for each period; they stay the same until the shortest ends. Immutable. */
final class CalendarWindows {

    private final long[] indexes;
    private final long[] ends;
    private final long from;
    private final long until;

    private CalendarWindows(long[] indexes, long[] ends, long from, long until) {
        this.indexes = indexes;
        this.ends = ends;
        this.from = from;
        this.until = until;
    }

    /** The windows of a time, by position. */
    static CalendarWindows at(List<Period> periods, long millis) {
        long[] indexes = new long[periods.size()];
        long[] ends = new long[indexes.length];
        long from = Long.MIN_VALUE;
        long until = Long.MAX_VALUE;
        for (int i = 0; i < indexes.length; i++) {
            Period period = periods.get(i);
            indexes[i] = period.index(millis);
            ends[i] = period.start(indexes[i] + 1);
            from = Math.max(from, period.start(indexes[i]));
            until = Math.min(until, ends[i]);
        }
        return new CalendarWindows(indexes, ends, from, until);
    }

    /** Whether a time lies in these windows. */
    boolean contain(long millis) {
        return from <= millis && millis < until;
    }

    long index(int position) {
        return indexes[position];
    }

    /** The first millisecond of the next one. */
    long end(int position) {
        return ends[position];
    }
}
