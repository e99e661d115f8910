package io.sluice.node.plugins.ratelimiting;

import io.sluice.state.limit.Limits;
import java.util.List;

/**
 * What an upstream says that a response costs: {@code video=2, image=1} by the names of the limits. Parts that are no name with
 * a positive number are passed over; of a repeated name the last number counts, and a fraction counts as the next whole number.
 */
final class Increments {

    private Increments() {}

    /** How much of each limit the field values ask for, by the limit's position. */
    static long[] of(List<String> values, NamedLimit[] limits) {
        long[] units = new long[limits.length];
        for (String value : values) {
            int from = 0;
            while (from <= value.length()) {
                int comma = value.indexOf(',', from);
                int to = comma < 0 ? value.length() : comma;
                read(value, from, to, limits, units);
                from = to + 1;
            }
        }
        return units;
    }

    private static void read(String value, int from, int to, NamedLimit[] limits, long[] units) {
        int equals = value.indexOf('=', from);
        if (equals < 0 || equals >= to) {
            return;
        }
        String name = value.substring(from, equals).strip();
        long number = number(value.substring(equals + 1, to).strip());
        for (int i = 0; i < limits.length; i++) {
            if (limits[i].name().equals(name)) {
                units[i] = number;
            }
        }
    }

    /** The number, rounded up; 0 if it is none, or not positive. */
    private static long number(String text) {
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            dots += c == '.' ? 1 : 0;
            if (c != '.' && (c < '0' || c > '9')) {
                return 0;
            }
        }
        return text.isEmpty() || dots > 1 || dots == text.length()
                ? 0
                : (long) Math.min(Math.ceil(Double.parseDouble(text)), Limits.HIGHEST);
    }
}
