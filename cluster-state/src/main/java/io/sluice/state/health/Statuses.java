package io.sluice.state.health;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** A set of HTTP status codes, 100 to 999. Immutable. */
public final class Statuses {

    private static final int FIRST = 100;
    private static final int END = 1_000;

    private final long[] bits = new long[(END + 63) / 64];

    private Statuses(Collection<Integer> codes) {
        for (int code : codes) {
            if (code < FIRST || code >= END) {
                throw new IllegalArgumentException("status: " + code + " (expected: 100 to 999)");
            }
            bits[code >> 6] |= 1L << code;
        }
    }

    /**
     * A set of those codes.
     *
     * @throws IllegalArgumentException if one of them is none
     */
    public static Statuses of(Collection<Integer> codes) {
        return new Statuses(codes);
    }

    /** Whether a code is among them; false for anything that is no code. */
    public boolean contains(int code) {
        return code >= FIRST && code < END && (bits[code >> 6] & 1L << code) != 0;
    }

    /** All of them, in order. */
    public List<Integer> codes() {
        return IntStream.range(FIRST, END).filter(this::contains).boxed().toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Statuses that && codes().equals(that.codes());
    }

    @Override
    public int hashCode() {
        return codes().hashCode();
    }

    @Override
    public String toString() {
        return codes().toString();
    }
}
