package io.sluice.state.limit;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How much each period allows, shortest period first; or how much at a time, which is a single position without a period. Immutable. */
public final class Limits {

    /** The largest limit that is counted exactly; higher ones are taken as this. */
    public static final long HIGHEST = (1L << 37) - 1;

    private final List<Period> periods;
    private final long[] allowed;
    private final long[] micros;
    private final int mask;
    private final Claims all;
    private volatile CalendarWindows windows;

    private Limits(Collection<Period> periods, Collection<Long> byPosition) {
        this.periods = List.copyOf(periods);
        allowed =
                byPosition.stream().mapToLong(limit -> Math.min(limit, HIGHEST)).toArray();
        micros = periods.stream()
                .mapToLong(period -> period.nominalSeconds() * 1_000_000)
                .toArray();
        mask = maskOf(periods);
        all = Claims.all(this);
        windows = CalendarWindows.at(this.periods, 0);
    }

    /**
     * Limits by period.
     *
     * @throws IllegalArgumentException if there is none, or one below 1
     */
    public static Limits of(Map<Period, Long> byPeriod) {
        if (byPeriod.isEmpty() || byPeriod.values().stream().anyMatch(limit -> limit < 1)) {
            throw new IllegalArgumentException("limits: " + byPeriod + " (expected: at least one, each >= 1)");
        }
        Map<Period, Long> sorted = new TreeMap<>(byPeriod);
        return new Limits(sorted.keySet(), sorted.values());
    }

    /**
     * So many at a time, for {@link WindowType#CONCURRENCY}.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public static Limits concurrent(long most) {
        if (most < 1) {
            throw new IllegalArgumentException("concurrent: " + most + " (expected: >= 1)");
        }
        return new Limits(List.of(), List.of(most));
    }

    /** How many positions there are: one for each period, or one if it is how much at a time. */
    public int size() {
        return allowed.length;
    }

    /** The limited periods, shortest first; empty if it is how much at a time. */
    public List<Period> periods() {
        return periods;
    }

    /** The length of the period at this position, microseconds. */
    long micros(int position) {
        return micros[position];
    }

    /** How much this position allows: that of the period in {@link #periods()}. */
    public long allowed(int position) {
        return allowed[position];
    }

    /** The calendar windows of a time. They are looked up for each request, so the last are kept. */
    CalendarWindows windows(long millis) {
        CalendarWindows last = windows;
        return last.contain(millis) ? last : begin(millis);
    }

    private CalendarWindows begin(long millis) {
        CalendarWindows next = CalendarWindows.at(periods, millis);
        windows = next;
        return next;
    }

    /** What a node may spend that owns all of this; one object for all keys. */
    Claims all() {
        return all;
    }

    /** The same number for the same periods. */
    int mask() {
        return mask;
    }

    static int maskOf(Collection<Period> periods) {
        int mask = 0;
        for (Period period : periods) {
            mask |= period.bit();
        }
        return mask;
    }

    /** Whether these allow the same, position by position. */
    boolean same(Limits other) {
        return mask == other.mask && Arrays.equals(allowed, other.allowed);
    }

    /** Whether a request of this cost is ever admitted. */
    boolean mayCost(long cost) {
        for (long most : allowed) {
            if (cost > most) {
                return false;
            }
        }
        return true;
    }

    /** Whether these allow less for any period that both limit. */
    boolean isLowerThan(Limits other) {
        for (int i = 0; i < allowed.length; i++) {
            int theirs = periods.isEmpty() ? i : other.periods.indexOf(periods.get(i));
            if (theirs >= 0 && allowed[i] < other.allowed[theirs]) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < allowed.length; i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(allowed[i])
                    .append(
                            periods.isEmpty()
                                    ? " at a time"
                                    : " per " + periods.get(i).word());
        }
        return text.toString();
    }
}
