package io.sluice.state.limit;

/**
 * After which time transfers of tokens are forgotten and every key is shared out afresh: ten minutes for short windows, the
 * calendar window itself for those of an hour and longer, a day for tokens that are locked until they are given back. A
 * generation is known by its end, in units of ten minutes since the epoch, so that one number says of every row of a ledger
 * whether it is over; that of a day by the end of the next one, since what is in use goes on over midnight.
 */
final class Generation {

    static final long UNIT_MILLIS = 600_000;
    static final long DAY_MILLIS = 86_400_000;
    private static final int ROUNDS = 8;

    private Generation() {}

    /** The generation that a time lies in. */
    static long of(WindowType type, Period period, long millis) {
        return end(type, period, millis) / UNIT_MILLIS;
    }

    /** When the rows of the generation of a time are over; a multiple of {@link #UNIT_MILLIS}. */
    static long end(WindowType type, Period period, long millis) {
        if (type == WindowType.CONCURRENCY) {
            return (millis / DAY_MILLIS + 2) * DAY_MILLIS;
        }
        if (period.nominalSeconds() * 1000 <= UNIT_MILLIS) {
            return (millis / UNIT_MILLIS + 1) * UNIT_MILLIS;
        }
        if (type == WindowType.FIXED) {
            return period.start(period.index(millis) + 1);
        }
        long length = period.nominalSeconds() * 1000 * ROUNDS;
        return (millis / length + 1) * length;
    }

    static long endMillis(long generation) {
        return generation * UNIT_MILLIS;
    }
}
