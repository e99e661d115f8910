package io.sluice.state.limit;

import java.util.Arrays;

/**
 * How many tokens of a key this node owns, position by position: some now, perhaps more from a known time on (those that are
 * still locked elsewhere, or that must not be used before all nodes know of a change). Immutable, so that keys share it.
 */
final class Claims {

    /** Never. */
    static final long NEVER = Long.MAX_VALUE;

    /** How many longs say what is owned of a position: now, from when on it is another number, and that. */
    private static final int EACH = 3;

    private final Limits limits;
    /** By position, in one array: keys that tokens were moved of have claims of their own, which every decision reads. */
    private final long[] own;

    private final long expires;
    private final Elsewhere remembered;
    private final int change;

    private Claims(Limits limits, long[] own, long expires, Elsewhere remembered, int change) {
        this.limits = limits;
        this.own = own;
        this.expires = expires;
        this.remembered = remembered;
        this.change = change;
    }

    /** All tokens, for good. */
    static Claims all(Limits limits) {
        return forGood(limits, 1);
    }

    /** No token, for good. */
    static Claims none(Limits limits) {
        return forGood(limits, 0);
    }

    private static Claims forGood(Limits limits, int times) {
        long[] own = new long[limits.size()];
        long[] from = new long[own.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = times * limits.allowed(i);
            from[i] = NEVER;
        }
        return of(limits, own, from, own, NEVER);
    }

    /**
     * Claims that differ by position.
     *
     * @param now tokens owned until {@code from}, may be negative: more was given away than there was
     * @param from milliseconds since the epoch
     * @param then tokens owned from then on
     * @param expires when these claims must be looked at again, milliseconds since the epoch
     */
    static Claims of(Limits limits, long[] now, long[] from, long[] then, long expires) {
        long[] own = new long[EACH * now.length];
        for (int i = 0; i < now.length; i++) {
            own[EACH * i] = now[i];
            own[EACH * i + 1] = from[i];
            own[EACH * i + 2] = then[i];
        }
        return new Claims(limits, own, expires, Elsewhere.NOTHING, 0);
    }

    /**
     * The same, told of what was spent by others.
     *
     * @param count see {@link #change}
     */
    Claims after(int count, Elsewhere spent) {
        return new Claims(limits, own, expires, spent, count);
    }

    /** After how many changes of who owns what they were made, see {@link TokenPool#change}. */
    int change() {
        return change;
    }

    /** What others are remembered to have spent, for what clients are told. */
    Elsewhere remembered() {
        return remembered;
    }

    Limits limits() {
        return limits;
    }

    long own(int position, long time) {
        int at = EACH * position;
        return time >= own[at + 1] ? own[at + 2] : own[at];
    }

    /** Whether they say the same of the same limits, after the same changes. */
    @SuppressWarnings("ReferenceEquality") // claims for equal limits may be apart
    boolean same(Claims other) {
        return limits == other.limits
                && change == other.change
                && expires == other.expires
                && remembered == other.remembered
                && Arrays.equals(own, other.own);
    }

    boolean expired(long time) {
        return time >= expires;
    }
}
