package io.sluice.state.limit;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How much each period allows, shortest period first. Immutable. */
public final class Limits {

    /** The largest limit that is counted exactly; higher ones are taken as this. */
    public static final long HIGHEST = (1L << 37) - 1;

    private final List<Period> periods;
    private final long[] allowed;
    private final int mask;

    private Limits(Map<Period, Long> byPeriod) {
        periods = List.copyOf(byPeriod.keySet());
        allowed = byPeriod.values().stream()
                .mapToLong(limit -> Math.min(limit, HIGHEST))
                .toArray();
        mask = maskOf(periods);
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
        return new Limits(new TreeMap<>(byPeriod));
    }

    /** The limited periods, shortest first. */
    public List<Period> periods() {
        return periods;
    }

    /** How much the period at this position of {@link #periods()} allows. */
    public long allowed(int position) {
        return allowed[position];
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

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < allowed.length; i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(allowed[i])
                    .append(" per ")
                    .append(periods.get(i).word());
        }
        return text.toString();
    }
}
