package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;

/** The same trouble with clocks that nobody has agreed on, up to 900 ms apart and running differently. */
class PoolClockProperties {

    private static final int TRIES = 25;
    private static final String SEED = "20261123";
    private static final int APART = 450;
    private static final double DRIFT = 1e-4;

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void noIntervalHoldsMoreThanASlidingLimit(@ForAll @LongRange(min = 0) long seed) {
        var history = new History(seed, WindowType.SLIDING, Period.SECOND, APART, DRIFT);

        history.runUnwatched();

        assertThat(history.simulation.admitted().mostInAnyInterval(measured(1000)))
                .isLessThanOrEqualTo(history.limit);
    }

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void noIntervalHoldsMoreThanASlidingLimitOfAMinute(@ForAll @LongRange(min = 0) long seed) {
        var history = new History(seed, WindowType.SLIDING, Period.MINUTE, APART, DRIFT);

        history.runUnwatched();

        assertThat(history.simulation.admitted().mostInAnyInterval(measured(60_000)))
                .isLessThanOrEqualTo(history.limit);
    }

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void noWindowOfTheDecidingNodesHoldsMoreThanTheLimit(@ForAll @LongRange(min = 0) long seed) {
        var history = new History(seed, WindowType.FIXED, Period.SECOND, APART, DRIFT);

        history.runUnwatched();

        assertThat(history.simulation.admitted().byWindow(1000).values()).allMatch(count -> count <= history.limit);
    }

    /** By a clock that is too fast a period is over a little early, and moments are known to the time that asking takes. */
    private static long measured(long millis) {
        return (long) (millis * (1 - 2 * DRIFT)) - 14;
    }
}
