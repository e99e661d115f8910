package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.health.HealthMessage.OddOneOut;
import io.sluice.state.health.HealthMessage.ProbeWanted;
import io.sluice.state.health.HealthMessage.VouchWanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What only some nodes see: who is asked, who keeps away, and until when. */
class OddNodesTest extends OneOfThree {

    @Test
    void whatAcceptsConnectionsButFailsOnSeveralNodesIsDown() {
        decisions.saw(state, third(), new Evidence(0, 2, 0, 0));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");
        boolean early = up();
        decisions.saw(state, second, new Evidence(0, 2, 0, 0));
        decisions.doubts().probedHere(probing.get(1), self, Finding.SUCCESS, "");

        assertThat(early).isTrue();
        assertThat(sent(OddOneOut.class)).hasSize(1);
        assertThat(up()).isFalse();
        assertThat(table.verdict(address).orElseThrow().detail()).isEqualTo("4 failed connections on 2 nodes");
    }

    @Test
    void whatFailsOnSeveralNodesIsUpIfAnotherHasSuccessesThere() {
        answered(200, 1);
        decisions.saw(state, third(), new Evidence(0, 2, 0, 0));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");
        decisions.saw(state, second, new Evidence(0, 2, 0, 0));
        decisions.doubts().probedHere(probing.get(1), self, Finding.SUCCESS, "");

        assertThat(up()).isTrue();
        assertThat(sent(OddOneOut.class)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(sent).extracting(Sent::node).contains(second, third());
    }

    @Test
    void strayFailureOfAnotherNodeMakesNoneOfTheOddOne() {
        decisions.saw(state, second, new Evidence(0, 1, 0, 0));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");
        decisions.saw(state, third(), new Evidence(0, 2, 0, 0));
        decisions.doubts().probedHere(probing.get(1), self, Finding.SUCCESS, "");

        assertThat(up()).isTrue();
        assertThat(sent).containsExactly(new Sent(third(), new OddOneOut(0, address)));
    }

    @Test
    void oddNodeThatIsHealedIsNoWitnessAnyMore() {
        decisions.saw(state, third(), new Evidence(0, 2, 0, 0));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");
        decisions.saw(state, third(), Evidence.NONE);
        decisions.saw(state, second, new Evidence(0, 2, 0, 0));
        decisions.doubts().probedHere(probing.get(1), self, Finding.SUCCESS, "");

        assertThat(up()).isTrue();
    }

    @Test
    void nodeThatHasFailuresItselfVouchesForNothing() {
        watch(second);
        answered(200, 1);
        answered(500, 1);

        decisions.doubts().vouchWanted(new VouchWanted(self, 7, address));

        assertThat(sent).contains(new Sent(self, new HealthMessage.Vouched(0, 7, false)));
    }

    @Test
    void ownerWithFailuresOfItsOwnLetsTheSecondTry() {
        refused(1);
        decisions.saw(state, third(), new Evidence(0, 1, 0, 0));

        assertThat(probing).isEmpty();
        assertThat(sentTo(ProbeWanted.class)).containsExactly(second);
        assertThat(sent(ProbeWanted.class)).allMatch(ProbeWanted::connect);
    }

    @Test
    void ownerWithFailuresLetsTheThirdTryIfTheSecondHasSomeToo() {
        decisions.saw(state, second, new Evidence(0, 1, 0, 0));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");
        refused(1);

        assertThat(probing).hasSize(1);
        assertThat(sentTo(ProbeWanted.class)).containsExactly(third());
    }

    @Test
    void ownerThatItselfKeepsAwayLetsTheSecondTry() {
        probed(Finding.TIMED_OUT, 2);
        decisions.doubts().probed(sent(ProbeWanted.class).get(0).number(), second, Finding.SUCCESS);
        sent.clear();
        decisions.saw(state, third(), new Evidence(0, 2, 0, 0));

        assertThat(probing).isEmpty();
        assertThat(sent).singleElement().satisfies(one -> assertThat(one.node()).isEqualTo(second));
    }

    @Test
    void connectingHealsNothingThatItDoesNotSee() {
        watchTrafficOnly(third());
        answered(500, 3);
        decisions.oddOneOut(state);
        connected(Finding.SUCCESS);
        connected(Finding.SUCCESS);

        assertThat(state.cell.usable()).isFalse();
    }

    @Test
    void connectingHealsWhatItHasSeenFail() {
        watchTrafficOnly(third());
        refused(2);
        decisions.oddOneOut(state);
        connected(Finding.REFUSED);
        after(Duration.ofHours(1));
        boolean refused = !state.cell.usable();
        connected(Finding.SUCCESS);

        assertThat(refused).isTrue();
        assertThat(state.cell.usable()).isTrue();
    }

    @Test
    void oddNodeTriesAgainAfterLongerAndLongerTimes() {
        watchTrafficOnly(third());
        List<Integer> waited = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answered(500, 3);
            decisions.oddOneOut(state);
            int seconds = 0;
            while (!state.cell.usable() && seconds < 1_000) {
                after(SECOND);
                seconds++;
            }
            waited.add(seconds);
        }

        assertThat(waited).containsExactly(10, 20, 40, 80, 160, 300, 300, 300);
        assertThat(changes.get(changes.size() - 1).cause()).isEqualTo(Cause.TRIED_AGAIN);
    }

    @Test
    void oddNodeWhoseTroubleIsOverBeginsAnew() {
        watchTrafficOnly(third());
        for (int i = 0; i < 2; i++) {
            answered(500, 3);
            decisions.oddOneOut(state);
            after(Duration.ofSeconds(20));
            after(Duration.ofMinutes(5));
        }
        answered(500, 3);
        decisions.oddOneOut(state);
        after(Duration.ofSeconds(10));

        assertThat(state.cell.usable()).isTrue();
    }

    @Test
    void ownerHearsThatTheOddNodeIsBack() {
        watchTrafficOnly(third());
        answered(500, 3);
        decisions.oddOneOut(state);
        untold.clear();
        after(Duration.ofSeconds(10));

        assertThat(untold).contains(state);
        assertThat(state.cell.evidence()).isEqualTo(Evidence.NONE);
    }

    @Test
    void whatIsSaidByHandOutOfContactIsNotTriedAgain() {
        watchTrafficOnly(third());
        inContact = false;
        upkeep.contact();
        marks.mark(state, false);
        after(Duration.ofHours(1));

        assertThat(state.cell.usable()).isFalse();
    }

    @Test
    void timeoutsOfOneNodeAreBelievedIfConnectingFailsToo() {
        decisions.saw(state, third(), new Evidence(0, 0, 3, 0));
        decisions.doubts().probedHere(probing.get(0), self, Finding.TIMED_OUT, "");

        assertThat(up()).isFalse();
        assertThat(table.verdict(address).orElseThrow().cause()).isEqualTo(Cause.TRAFFIC_TIMED_OUT);
        assertThat(sent(VouchWanted.class)).isEmpty();
    }

    @Test
    void connectionsOfSeveralNodesThatAreNotThereInTimeAreTriedBeforeAnybodyBelievesThem() {
        answered(200, 1);
        decisions.saw(state, third(), new Evidence(0, 0, 2, 0, 2));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");
        decisions.saw(state, second, new Evidence(0, 0, 1, 0, 1));
        for (int i = 1; i < probing.size(); i++) {
            decisions.doubts().probedHere(probing.get(i), self, Finding.SUCCESS, "");
        }

        assertThat(probing).hasSizeGreaterThan(1);
        assertThat(up()).isTrue();
    }

    @Test
    void answersOfSeveralNodesThatAreNotThereInTimeNeedNoQuestion() {
        decisions.saw(state, third(), new Evidence(0, 0, 2, 0));
        decisions.saw(state, second, new Evidence(0, 0, 1, 0));

        assertThat(up()).isFalse();
        assertThat(probing).isEmpty();
    }

    @Test
    void nodeThatAloneGetsNoConnectionInTimeIsToldSo() {
        decisions.saw(state, third(), new Evidence(0, 0, 3, 0, 3));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");

        assertThat(sent(VouchWanted.class)).isEmpty();
        assertThat(sentTo(OddOneOut.class)).containsExactly(third());
    }

    @Test
    void timeoutsOfOneNodeThatConnectingDoesNotShowAreAskedAbout() {
        decisions.saw(state, third(), new Evidence(0, 0, 3, 0));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");
        List<VouchWanted> asked = sent(VouchWanted.class);
        decisions.doubts().vouched(asked.get(0).number(), second, true);

        assertThat(up()).isTrue();
        assertThat(sent(OddOneOut.class)).hasSize(1);
    }
}
