package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.health.HealthMessage.ProbeWanted;
import io.sluice.state.health.HealthMessage.Seen;
import io.sluice.state.health.HealthMessage.Verdicts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nodes make of a single failed connection: two bring a target down. */
class FirstFailureTest extends OneOfThree {

    private static final Evidence ONE_REFUSED = new Evidence(0, 1, 0, 0);

    @Test
    void firstFailureIsTriedAtOnceAndHoldsForAllIfThatFailsToo() {
        decisions.heard(state, third(), ONE_REFUSED);
        boolean early = up();
        decisions.doubts().probedHere(probing.get(0), self, Finding.REFUSED, "refused");

        assertThat(early).isTrue();
        assertThat(up()).isFalse();
        assertThat(sentTo(Verdicts.class)).containsExactlyInAnyOrder(second, third());
        assertThat(table.verdict(address).orElseThrow().finder()).isEqualTo(third());
    }

    @Test
    void firstFailureOfAHealthyTargetCondemnsItForNobody() {
        decisions.heard(state, third(), ONE_REFUSED);
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");

        assertThat(up()).isTrue();
        assertThat(state.cell.usable()).isTrue();
        assertThat(sent).isEmpty();
        assertThat(changes).isEmpty();
    }

    @Test
    void silenceOfWhoIsAskedCondemnsNothing() {
        refused(1);
        decisions.doubts().late(sent(ProbeWanted.class).get(0).number());

        assertThat(up()).isTrue();
        assertThat(state.doubt).isZero();
    }

    @Test
    void secondThatDoesNotKnowTheUpstreamCondemnsNothing() {
        refused(1);
        decisions.doubts().probed(sent(ProbeWanted.class).get(0).number(), second, Finding.UNWATCHED);

        assertThat(up()).isTrue();
        assertThat(state.owners.second()).isEqualTo(third());
    }

    @Test
    void whatProbesCannotBringBackTakesItsFullNumberOfFailures() {
        watchTrafficOnly(self);
        decisions.heard(state, third(), ONE_REFUSED);
        decisions.doubts().probedHere(probing.get(0), self, Finding.REFUSED, "refused");
        boolean early = up();
        decisions.heard(state, third(), new Evidence(0, 2, 0, 0));
        decisions.doubts().probedHere(probing.get(1), self, Finding.REFUSED, "refused");

        assertThat(early).isTrue();
        assertThat(up()).isFalse();
    }

    @Test
    void failuresThatComeWhileOneIsTriedAreJudgedAfterwards() {
        watchTrafficOnly(self);
        decisions.heard(state, third(), ONE_REFUSED);
        decisions.heard(state, second, ONE_REFUSED);
        decisions.doubts().probedHere(probing.get(0), self, Finding.REFUSED, "refused");

        assertThat(up()).isFalse();
    }

    @Test
    void sameFailureToldAgainIsNotTriedAgain() {
        decisions.heard(state, third(), ONE_REFUSED);
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");
        decisions.heard(state, third(), ONE_REFUSED);

        assertThat(probing).hasSize(1);
    }

    @Test
    void firstFailureIsToldToAllWhoPreferOthersForAMoment() {
        watch(third());
        refused(1);
        state.cell.reset();
        long then = System.nanoTime(); // not later: suspicion is over after a moment, which a busy machine may take
        decisions.heard(state, second, ONE_REFUSED);
        boolean suspect = state.cell.suspect(then);

        assertThat(sentTo(Seen.class)).containsExactlyInAnyOrder(self, second);
        assertThat(suspect).isTrue();
        assertThat(state.cell.usable()).isTrue();
        assertThat(state.cell.suspect(System.nanoTime() + 1_000_000_000L)).isFalse();
    }

    @Test
    void troubleOfAnotherNodeKeepsThisOneAwayOnceASecondAtMost() {
        watch(third());
        decisions.heard(state, second, ONE_REFUSED);
        state.cell.reset();
        now += 500;
        decisions.heard(state, second, new Evidence(0, 2, 0, 0));
        boolean soon = state.cell.suspect(System.nanoTime());
        now += 500;
        long then = System.nanoTime();
        decisions.heard(state, second, new Evidence(0, 3, 0, 0));

        assertThat(soon).isFalse();
        assertThat(state.cell.suspect(then)).isTrue();
    }

    @Test
    void nodeByItselfTriesNothing() {
        decisions.circle(new Circle(self, true, List.of(self)));
        refused(1);

        assertThat(probing).isEmpty();
        assertThat(up()).isTrue();
    }
}
