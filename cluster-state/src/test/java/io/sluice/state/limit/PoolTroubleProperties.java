package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;

/** Whatever happens in a cluster, and in whatever order: no window holds more than its limit. A seed is a history. */
class PoolTroubleProperties {

    private static final int TRIES = 25;

    /** The same histories in every run: others are for looking, not for a build that somebody waits for. */
    private static final String SEED = "20261123";

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void fixedSecondsNeverHoldMoreThanTheLimit(@ForAll @LongRange(min = 0) long seed) {
        var history = new History(seed, WindowType.FIXED, Period.SECOND);

        history.run();

        assertThat(history.simulation.admitted().byWindow(1000).values()).allMatch(count -> count <= history.limit);
    }

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void fixedMinutesNeverHoldMoreThanTheLimit(@ForAll @LongRange(min = 0) long seed) {
        var history = new History(seed, WindowType.FIXED, Period.MINUTE);

        history.run();

        assertThat(history.simulation.admitted().byWindow(60_000).values()).allMatch(count -> count <= history.limit);
    }

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void fixedHoursNeverHoldMoreThanTheLimit(@ForAll @LongRange(min = 0) long seed) {
        var history = new History(seed, WindowType.FIXED, Period.HOUR);

        history.run();

        assertThat(history.simulation.admitted().byWindow(3_600_000).values())
                .allMatch(count -> count <= history.limit);
    }

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void noIntervalHoldsMoreThanASlidingLimit(@ForAll @LongRange(min = 0) long seed) {
        var history = new History(seed, WindowType.SLIDING, Period.SECOND);

        history.run();

        assertThat(history.simulation.admitted().mostInAnyInterval(1000)).isLessThanOrEqualTo(history.limit);
    }

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void noIntervalHoldsMoreThanASlidingLimitOfAMinute(@ForAll @LongRange(min = 0) long seed) {
        var history = new History(seed, WindowType.SLIDING, Period.MINUTE);

        history.run();

        assertThat(history.simulation.admitted().mostInAnyInterval(60_000)).isLessThanOrEqualTo(history.limit);
    }

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void aBucketNeverGivesMoreThanItHoldsAndWhatFlowsIn(@ForAll @LongRange(min = 0) long seed) {
        var history = new History(seed, WindowType.BUCKET, Period.SECOND);

        history.run();

        assertThat(history.simulation.admitted().mostAbove(history.limit)).isLessThanOrEqualTo(history.limit);
    }

    @Property(tries = TRIES, seed = SEED, shrinking = ShrinkingMode.OFF)
    void neverMoreAtATimeThanTheLimitAndAllOfItWhenAllIsWellAgain(@ForAll @LongRange(min = 0) long seed) {
        new PlacesHistory(seed).run();
    }
}
