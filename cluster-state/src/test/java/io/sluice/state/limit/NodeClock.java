package io.sluice.state.limit;

/**
 * What a node takes for the agreed time.
 *
 * @param ahead milliseconds at the start
 * @param drift by how much it runs too fast, as a part of one
 */
record NodeClock(long ahead, double drift) {

    static final NodeClock RIGHT = new NodeClock(0, 0);

    /** What it shows so many microseconds after the start. */
    long shows(long epoch, long micros) {
        return epoch + ahead + (long) Math.floor(micros * (1 + drift) / 1000);
    }

    /** When it shows that: milliseconds on the right clock, at most one too early. */
    long when(long epoch, long shown) {
        return epoch + (long) Math.floor((shown - epoch - ahead) / (1 + drift));
    }
}
