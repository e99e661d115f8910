package io.sluice.node.plugins.ratelimiting;

import org.jspecify.annotations.Nullable;

/** Numbers as text; small ones are made once. Thread-safe: at worst two threads make the same text. */
final class Decimals {

    private static final @Nullable String[] SMALL = new @Nullable String[4096];

    private Decimals() {}

    static String text(long number) {
        if (number < 0 || number >= SMALL.length) {
            return Long.toString(number);
        }
        String known = SMALL[(int) number];
        if (known == null) {
            known = Long.toString(number);
            SMALL[(int) number] = known;
        }
        return known;
    }
}
