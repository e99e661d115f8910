package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AgreedClockProperties {

    private static final long START = 1_790_000_000_000L;

    @Property
    void neverGoesBackWhateverItIsToldAndWhen(
            @ForAll @Size(max = 30) List<@IntRange(min = -5_000, max = 5_000) Integer> corrections,
            @ForAll @IntRange(min = 1, max = 3_000) int stepMillis) {
        AgreedClock clock = new AgreedClock(-7, START);
        long before = clock.millis(-7);
        long now = -7;
        for (int correction : corrections) {
            now += stepMillis * 1_000_000L;
            long justBefore = clock.millis(now);
            clock.aim(now, START + now / 1_000_000 + correction);
            assertThat(justBefore).isGreaterThanOrEqualTo(before);
            before = clock.millis(now);
            assertThat(before).isGreaterThanOrEqualTo(justBefore);
        }
    }

    @Example
    void jumpsForwardsAndSlowsDownBackwardsUntilItIsRight() {
        AgreedClock clock = new AgreedClock(0, START);

        clock.aim(0, START + 500);
        assertThat(clock.millis(0)).isEqualTo(START + 500);

        clock.aim(0, START + 400);
        assertThat(clock.millis(0)).isEqualTo(START + 500);
        assertThat(clock.millis(100_000_000)).isEqualTo(START + 550);
        assertThat(clock.millis(200_000_000)).isEqualTo(START + 600);
        assertThat(clock.millis(1_000_000_000)).isEqualTo(START + 1_400);
    }

    @Example
    void isSetBackwardsAtOnceBeforeItIsInUse() {
        AgreedClock clock = new AgreedClock(0, START);
        clock.aim(0, START - 400);

        clock.set(0, START - 1_500);

        assertThat(clock.millis(100_000_000)).isEqualTo(START - 1_400);
    }

    @Example
    void medianIsThatOfAllClocksTheOwnAmongThem() {
        ClockOffsets offsets = new ClockOffsets();
        assertThat(offsets.median()).isZero();

        offsets.measure(1, 100, 1_000_000);
        assertThat(offsets.median()).isEqualTo(50);

        offsets.measure(2, 4_000, 1_000_000);
        assertThat(offsets.median()).isEqualTo(100);

        offsets.keepOnly(Set.of(2L));
        assertThat(offsets.median()).isEqualTo(2_000);
    }

    @Example
    void clockIsKnownAfterSeveralAnswersOfWhichTheFastOnesCount() {
        ClockOffsets offsets = new ClockOffsets();
        offsets.measure(1, 500, 80_000_000);
        for (int answer = 2; answer < 6; answer++) {
            offsets.measure(1, 100, 1_000_000);
            assertThat(offsets.knows(1)).isFalse();
        }
        offsets.measure(1, 120, 60_000_000);

        assertThat(offsets.knows(1)).isTrue();
        assertThat(offsets.median()).isEqualTo(50);
        assertThat(offsets.knows(2)).isFalse();
    }

    @Example
    void slowAnswerSaysLittleAboutAClockButAChangedOneIsFoundOut() {
        ClockOffsets offsets = new ClockOffsets();
        offsets.measure(1, 10, 1_000_000);

        offsets.measure(1, 200, 500_000_000);
        assertThat(offsets.median()).isEqualTo(5);

        offsets.measure(1, 900, 500_000_000);
        assertThat(offsets.median()).isEqualTo((900 - 250 - 1) / 2);
        offsets.measure(1, 900, 20_000_000);
        assertThat(offsets.median()).isEqualTo((900 - 10 - 1) / 2);
    }

    @Example
    void loneNodeIsAlwaysInContactAndKnowsTheTime() {
        Membership alone = Membership.alone();

        assertThat(alone.inContact()).isTrue();
        assertThat(alone.members().all()).containsExactly(alone.members().self());
        assertThat(alone.agreedMillis() - System.currentTimeMillis()).isBetween(-1_000L, 1_000L);
    }
}
