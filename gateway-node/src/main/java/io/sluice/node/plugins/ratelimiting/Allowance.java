package io.sluice.node.plugins.ratelimiting;

import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.Period;
import io.sluice.state.model.schema.Settings;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The limits of one configuration, as counted and as shown. A limit may be a fraction: 2.5 admits three requests (there is
 * something left before each of them) and shows 1.5 after the first. Immutable.
 */
final class Allowance {

    private final Limits limits;
    private final double[] given;
    private final String[] texts;
    private final boolean whole;

    private Allowance(Limits limits, double[] given, String[] texts, boolean whole) {
        this.limits = limits;
        this.given = given;
        this.texts = texts;
        this.whole = whole;
    }

    /** What the settings of these periods say. */
    static Allowance of(Settings settings) {
        Map<Period, Long> counted = new EnumMap<>(Period.class);
        for (Period period : Period.values()) {
            settings.optionalNumber(period.word())
                    .ifPresent(limit -> counted.put(period, (long) Math.ceil(limit.doubleValue())));
        }
        Limits limits = Limits.of(counted);
        List<Period> periods = limits.periods();
        double[] given = periods.stream()
                .mapToDouble(period -> settings.number(period.word()))
                .toArray();
        String[] texts = new String[given.length];
        boolean whole = true;
        for (int i = 0; i < given.length; i++) {
            texts[i] = text(given[i]);
            whole &= given[i] == Math.rint(given[i]) && given[i] <= Limits.HIGHEST;
        }
        return new Allowance(limits, given, texts, whole);
    }

    Limits limits() {
        return limits;
    }

    /** The limit as the user wrote it. */
    String limitText(int position) {
        return texts[position];
    }

    /** What is left of the current window, not below 0. */
    double remaining(int position, Outcome outcome) {
        return Math.max(0, given[position] - outcome.used(position));
    }

    String text(double remaining, int position) {
        return whole || given[position] == Math.rint(given[position])
                ? Decimals.text((long) remaining)
                : text(remaining);
    }

    private static String text(double number) {
        return number == Math.rint(number) && number < 1e15
                ? Long.toString((long) number)
                : new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
