package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AgreedClockProperties {

    private static final long START = 1_790_000_000_000L;
    private static final long SECOND = 1_000_000_000;

    /** By which an answer may be slower than the best one and is taken as it is, milliseconds. */
    private static final double TOLERATED = 1;
    /** Of a clock that shows whole milliseconds. */
    private static final double ROUNDING = 1;

    @Property
    void neverGoesBackWhateverItIsToldAndWhen(
            @ForAll @Size(max = 30) List<@IntRange(min = -5_000, max = 5_000) Integer> corrections,
            @ForAll @IntRange(min = 1, max = 3_000) int stepMillis) {
        AgreedClock clock = new AgreedClock(-7, START);
        long before = clock.millis(-7);
        long now = -7;
        for (int correction : corrections) {
            long halfway = clock.millis(now + stepMillis * 500_000L);
            now += stepMillis * 1_000_000L;
            long justBefore = clock.millis(now);
            clock.aim(now, START + now / 1_000_000 + correction);
            assertThat(halfway).isBetween(before, justBefore);
            before = clock.millis(now);
            assertThat(before).isGreaterThanOrEqualTo(justBefore);
        }
    }

    @Property
    void isRightAtOnceIfItWasBehindAndElseAfterTwiceWhatItWasAhead(
            @ForAll @Size(min = 1, max = 10) List<@IntRange(min = -5_000, max = 5_000) Integer> corrections) {
        AgreedClock clock = new AgreedClock(0, START);
        long now = 0;
        long wanted = START;
        long ahead = 0;
        for (int correction : corrections) {
            now += SECOND;
            wanted = START + now / 1_000_000 + correction;
            ahead = Math.max(0, clock.millis(now) - wanted);
            clock.aim(now, wanted);
        }

        for (long later : new long[] {2 * ahead, 2 * ahead + 1, 2 * ahead + 100_000}) {
            assertThat(clock.millis(now + later * 1_000_000) - wanted - later).isBetween(-1L, 1L);
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

    /** Calendar windows are those of one time: the median of all clocks, which a minority of wrong ones cannot lead away. */
    @Property
    void allNodesFindTheSameTimeAmongThoseOfTheClocksThatAreRight(
            @ForAll @Size(min = 1, max = 9) List<@IntRange(min = -40, max = 40) Integer> right,
            @ForAll @Size(max = 8) List<@IntRange(min = -50_000, max = 50_000) Integer> others) {
        List<Integer> clocks = new ArrayList<>(right);
        clocks.addAll(others.subList(0, Math.min(others.size(), right.size() - 1)));

        Set<Long> agreed = new HashSet<>();
        for (int node = 0; node < clocks.size(); node++) {
            ClockOffsets offsets = new ClockOffsets();
            for (int peer = 0; peer < clocks.size(); peer++) {
                if (peer != node) {
                    offsets.measure(peer, clocks.get(peer) - clocks.get(node), 400_000);
                }
            }
            agreed.add(clocks.get(node) + offsets.median());
        }

        assertThat(agreed)
                .hasSize(1)
                .allMatch(time -> time >= Collections.min(right) && time <= Collections.max(right));
    }

    /** Whatever way is slow, and when: the answers only say that the peer's clock was somewhere within their round trip. */
    @Property
    void noAnswerLeadsFurtherAwayThanTheFastestOfTheLastAllows(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 80_000) Integer> there,
            @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 80_000) Integer> back) {
        ClockOffsets offsets = new ClockOffsets();
        double best = Double.MAX_VALUE;
        for (int i = 0; i < Math.min(there.size(), back.size()); i++) {
            double roundTrip = answer(offsets, 137, there.get(i), back.get(i));
            best = Math.min(roundTrip, best * 65 / 64 + 0.001);

            assertThat(Math.abs(offsets.median() - 137.0)).isLessThanOrEqualTo((best + TOLERATED) / 2 + ROUNDING);
        }
    }

    @Property
    void aClockThatWasSetIsFoundOutByTheNextAnswerAsFarAsThatCanTell(
            @ForAll @Size(max = 20) List<@IntRange(max = 80_000) Integer> before,
            @ForAll @IntRange(min = -5_000, max = 5_000) int setBy,
            @ForAll @IntRange(max = 80_000) int there,
            @ForAll @IntRange(max = 80_000) int back) {
        ClockOffsets offsets = new ClockOffsets();
        before.forEach(way -> answer(offsets, 0, way, 80_000 - way));

        double roundTrip = answer(offsets, setBy, there, back);

        assertThat(Math.abs(offsets.median() - (double) setBy)).isLessThanOrEqualTo(roundTrip + 2 * ROUNDING);
    }

    @Example
    void answersThatGetSlowerBitByBitDoNotMoveTheTime() {
        ClockOffsets offsets = new ClockOffsets();
        for (int way = 200; way < 30_000; way += 900) {
            answer(offsets, 0, way, 200);
        }

        assertThat(offsets.median()).isLessThanOrEqualTo(1);
    }

    /** Two peers whose clocks are that far away answer, after so many microseconds each way; the milliseconds of both. */
    private static double answer(ClockOffsets offsets, long away, long there, long back) {
        long measured = Math.round(away + (there - back) / 2_000.0);
        for (long peer = 1; peer <= 2; peer++) {
            offsets.measure(peer, measured, (there + back) * 1_000); // so that the median is what is known of them
        }
        return (there + back) / 1_000.0;
    }

    @Example
    void loneNodeIsAlwaysInContactAndKnowsTheTime() {
        Membership alone = Membership.alone();

        assertThat(alone.inContact()).isTrue();
        assertThat(alone.members().all()).containsExactly(alone.members().self());
        assertThat(alone.agreedMillis() - System.currentTimeMillis()).isBetween(-1_000L, 1_000L);
    }
}
