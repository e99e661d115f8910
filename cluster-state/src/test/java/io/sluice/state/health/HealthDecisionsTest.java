package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.health.HealthMessage.OddOneOut;
import io.sluice.state.health.HealthMessage.ProbeDone;
import io.sluice.state.health.HealthMessage.ProbeWanted;
import io.sluice.state.health.HealthMessage.Verdicts;
import io.sluice.state.health.HealthMessage.VouchWanted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node asks, says and decides. */
class HealthDecisionsTest extends OneOfThree {

    @Test
    void ownerAsksTheSecondBeforeItBelievesItsProbes() {
        probed(Finding.REFUSED, 2);

        assertThat(up()).isTrue();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).node()).isEqualTo(second);
        assertThat(sent(ProbeWanted.class)).hasSize(1).noneMatch(ProbeWanted::connect);

        decisions.doubts().probed(sent(ProbeWanted.class).get(0).number(), second, Finding.TIMED_OUT);

        assertThat(up()).isFalse();
        assertThat(sent(Verdicts.class)).hasSize(2);
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.shared()).isTrue();
            assertThat(change.cause()).isEqualTo(Cause.PROBES_REFUSED);
            assertThat(change.finder()).isEqualTo(self);
        });
    }

    @Test
    void ownerWhomTheSecondContradictsCondemnsForItselfOnly() {
        probed(Finding.TIMED_OUT, 2);
        decisions.doubts().probed(sent(ProbeWanted.class).get(0).number(), second, Finding.SUCCESS);

        assertThat(up()).isTrue();
        assertThat(state.cell.usable()).isFalse();
        assertThat(sent(Verdicts.class)).isEmpty();

        probed(Finding.SUCCESS, 2);

        assertThat(state.cell.usable()).isTrue();
    }

    @Test
    void secondThatSaysNothingIsNotWaitedForForEver() {
        probed(Finding.BAD_ANSWER, 2);
        decisions.doubts().late(sent(ProbeWanted.class).get(0).number());

        assertThat(up()).isFalse();
    }

    @Test
    void answerOfSomebodyElseOrToAnotherQuestionCountsAsNothing() {
        probed(Finding.REFUSED, 2);
        long number = sent(ProbeWanted.class).get(0).number();

        decisions.doubts().probed(number, third(), Finding.REFUSED);
        decisions.doubts().probed(number + 1, second, Finding.REFUSED);
        decisions.doubts().vouched(number, second, false);

        assertThat(up()).isTrue();
    }

    @Test
    void ownerOfADownTargetBringsItUpAfterEnoughSuccesses() {
        probed(Finding.REFUSED, 2);
        decisions.doubts().late(sent(ProbeWanted.class).get(0).number());
        probed(Finding.SUCCESS, 1);
        boolean early = up();
        probed(Finding.REFUSED, 1);
        probed(Finding.SUCCESS, 1);
        boolean interrupted = up();
        probed(Finding.SUCCESS, 1);

        assertThat(early).isFalse();
        assertThat(interrupted).isFalse();
        assertThat(up()).isTrue();
        assertThat(state.cell.usable()).isTrue();
    }

    @Test
    void secondHealsWhatTheOwnerAloneCannotReach() {
        probed(Finding.REFUSED, 2);
        decisions.doubts().late(sent(ProbeWanted.class).get(0).number());
        sent.clear();

        probed(Finding.REFUSED, 3);
        decisions.doubts().probed(sent(ProbeWanted.class).get(0).number(), second, Finding.SUCCESS);
        boolean early = up();
        probed(Finding.REFUSED, 1);
        decisions.doubts().probed(sent(ProbeWanted.class).get(1).number(), second, Finding.SUCCESS);

        assertThat(early).isFalse();
        assertThat(up()).isTrue();
        assertThat(state.cell.usable()).isFalse(); // for the owner it still is
    }

    @Test
    void refusedConnectionsOfAnotherNodeAreTriedAtOnce() {
        decisions.saw(state, third(), new Evidence(0, 2, 0, 0));
        assertThat(probing).hasSize(1);
        assertThat(up()).isTrue();

        decisions.doubts().probedHere(probing.get(0), self, Finding.REFUSED, "refused");

        assertThat(up()).isFalse();
        assertThat(table.verdict(address).orElseThrow().finder()).isEqualTo(third());
    }

    @Test
    void nodeThatAloneGetsNoConnectionIsToldSo() {
        decisions.saw(state, third(), new Evidence(0, 2, 0, 0));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "");

        assertThat(up()).isTrue();
        assertThat(sent).containsExactly(new Sent(third(), new OddOneOut(0, address)));
        assertThat(state.cell.usable()).isTrue();
    }

    @Test
    void ownerThatAloneGetsNoConnectionLetsTheSecondTry() {
        refused(2);

        assertThat(probing).isEmpty();
        assertThat(sentTo(ProbeWanted.class)).containsExactly(second);
        assertThat(sent(ProbeWanted.class)).allMatch(ProbeWanted::connect);
        assertThat(state.cell.usable()).isFalse();

        decisions.doubts().probed(sent(ProbeWanted.class).get(0).number(), second, Finding.SUCCESS);

        assertThat(up()).isTrue();
        assertThat(state.cell.usable()).isFalse();
        assertThat(upkeep.assignments(table.upstream("orders").orElseThrow())).containsKey(address);
    }

    @Test
    void badAnswersOfOneNodeHoldForAllIfNobodyVouches() {
        answered(500, 3);
        List<VouchWanted> asked = sent(VouchWanted.class);
        assertThat(asked).hasSize(2);

        decisions.doubts().vouched(asked.get(0).number(), second, false);
        boolean early = up();
        decisions.doubts().vouched(asked.get(0).number(), third(), false);

        assertThat(early).isTrue();
        assertThat(up()).isFalse();
    }

    @Test
    void badAnswersOfOneNodeHoldForItOnlyIfAnotherVouches() {
        answered(500, 3);
        decisions.doubts().vouched(sent(VouchWanted.class).get(0).number(), third(), true);

        assertThat(up()).isTrue();
        assertThat(state.cell.usable()).isFalse();
    }

    @Test
    void badAnswersOfTwoNodesNeedNoQuestion() {
        answered(500, 1);
        decisions.saw(state, third(), new Evidence(0, 0, 0, 2));

        assertThat(up()).isFalse();
        assertThat(sent(VouchWanted.class)).isEmpty();
    }

    @Test
    void nodeThatIsNotTheOwnerTellsItAtOnceThatItsLimitIsReached() {
        watch(third());
        answered(500, 2);
        int early = sent.size();
        answered(500, 1);

        assertThat(early).isZero();
        assertThat(untold).isNotEmpty();
        assertThat(sent).singleElement().satisfies(one -> assertThat(one.node()).isEqualTo(self));
        assertThat(state.cell.usable()).isFalse();
        assertThat(changes).singleElement().matches(change -> !change.shared());
    }

    @Test
    void limitThatWasReachedIsToldAgainUntilItIsSettled() {
        watch(third());
        refused(2);
        sent.clear();
        now += 1_000;
        upkeep.second();
        int unsettled = sent(HealthMessage.Seen.class).size();

        decisions.oddOneOut(state);
        sent.clear();
        now += 1_000;
        upkeep.second();

        assertThat(unsettled).isEqualTo(1);
        assertThat(sent(HealthMessage.Seen.class)).isEmpty();
        assertThat(state.cell.usable()).isFalse();
    }

    @Test
    void nodeByItselfDecidesAtOnce() {
        decisions.circle(new Circle(self, true, List.of(self)));
        refused(2);

        assertThat(up()).isFalse();
        assertThat(state.cell.own()).isEqualTo(OwnOpinion.NONE);
        assertThat(changes).singleElement().matches(HealthChange::shared);
        assertThat(sent).isEmpty();
        assertThat(probing).isEmpty();
    }

    @Test
    void nodeOutOfContactGoesByWhatItSeesAndSaysNothing() {
        inContact = false;
        upkeep.contact();
        probed(Finding.REFUSED, 2);
        boolean down = !state.cell.usable();
        probed(Finding.SUCCESS, 2);

        assertThat(down).isTrue();
        assertThat(state.cell.usable()).isTrue();
        assertThat(up()).isTrue();
        assertThat(sent).isEmpty();
    }

    @Test
    void nodeOutOfContactUsesWhatItSeesAliveUntilItIsBack() {
        decisions.rulings().take(new Verdict(address, now, false, Cause.PROBES_REFUSED, second, now, ""));
        inContact = false;
        upkeep.contact();
        probed(Finding.SUCCESS, 2);
        boolean cutOff = state.cell.usable();
        inContact = true;
        upkeep.contact();

        assertThat(cutOff).isTrue();
        assertThat(state.cell.usable()).isFalse();
    }

    @Test
    void whatWasSeenBeforeContactIsNoticedCounts() {
        inContact = false;
        upkeep.contact();
        answered(500, 1);
        inContact = true;
        decisions.saw(state, third(), new Evidence(0, 0, 0, 1));

        upkeep.contact();
        decisions.saw(state, second, new Evidence(0, 0, 0, 1));

        assertThat(up()).isFalse();
    }

    @Test
    void olderVerdictsAndWhatIsOverChangeNothing() {
        decisions.rulings().take(new Verdict(address, now, true, Cause.MANUAL, second, now, ""));
        decisions.rulings().take(new Verdict(address, now - 1, false, Cause.PROBES_REFUSED, second, now - 1, ""));
        decisions.rulings().take(new Verdict(HealthSamples.OTHER, now - 300_001, false, Cause.MANUAL, second, 1, ""));

        assertThat(up()).isTrue();
        assertThat(table.verdict(HealthSamples.OTHER)).isEmpty();
    }

    @Test
    void whatIsDownAndWatchedIsConfirmedAndDoesNotExpire() {
        probed(Finding.REFUSED, 2);
        decisions.doubts().late(sent(ProbeWanted.class).get(0).number());
        long since = table.verdict(address).orElseThrow().since();
        int told = changes.size();

        for (int i = 0; i < 1_000; i++) {
            now += 1_000;
            upkeep.second();
        }

        assertThat(up()).isFalse();
        assertThat(table.verdict(address).orElseThrow().since()).isEqualTo(since);
        assertThat(sent(Verdicts.class).size()).isBetween(2 + 2 * 14, 2 + 2 * 17);
        assertThat(changes).hasSize(told);
    }

    @Test
    void whatComesBackWithinAMomentIsWhatItWas() {
        decisions.rulings().take(new Verdict(address, now, false, Cause.PROBES_REFUSED, second, now, ""));
        drop();
        after(Duration.ofSeconds(9));
        watch(self);

        assertThat(up()).isFalse();
        assertThat(state.cell.usable()).isFalse();
    }

    @Test
    void whatIsNoTargetAnyMoreIsForgotten() {
        decisions.rulings().take(new Verdict(address, now, false, Cause.PROBES_REFUSED, second, now, ""));
        TargetHealth handle = table.cell(address);
        drop();
        after(Duration.ofSeconds(11));
        boolean anew = handle.usable() && table.verdict(address).isEmpty() && table.cell(address) == handle;
        after(Duration.ofSeconds(290));

        assertThat(anew).isTrue();
        assertThat(table.known(address)).isNull();
    }

    @Test
    void whatAnotherNodeStillUsesIsNotForgotten() {
        decisions.rulings().take(new Verdict(address, now, false, Cause.PROBES_REFUSED, second, now, ""));
        drop();
        upkeep.wanted(state);
        after(Duration.ofSeconds(59));

        assertThat(up()).isFalse();
    }

    private void drop() {
        table.forget("orders");
        upkeep.forget("orders");
    }

    @Test
    void markByHandHoldsForAllAndBeginsAnew() {
        refused(1);
        sent.clear();
        marks.mark(state, false);

        assertThat(state.cell.usable()).isFalse();
        assertThat(state.cell.evidence()).isEqualTo(Evidence.NONE);
        assertThat(sent(Verdicts.class)).hasSize(2);

        marks.mark(state, true);

        assertThat(state.cell.usable()).isTrue();
    }

    @Test
    void requestsThatSucceedOnAnotherNodeHealForAll() {
        marks.mark(state, false);
        decisions.saw(state, third(), new Evidence(2, 0, 0, 0));

        assertThat(up()).isTrue();
    }

    @Test
    void newOwnerIsToldWhatWasSeen() {
        watch(third());
        answered(500, 1);
        untold.clear();

        decisions.circle(new Circle(third(), true, List.of(third(), second)));

        assertThat(state.owners.owner()).isEqualTo(second);
        assertThat(untold).contains(state);
    }

    @Test
    void probesForOthersAndSaysWhatItDoesNotKnow() {
        decisions.doubts().probeWanted(new ProbeWanted(second, 5, address, true));
        decisions.doubts().probeWanted(new ProbeWanted(second, 6, new TargetAddress("x", "y:1", "::1", 1), true));
        decisions.doubts().probedHere(probing.get(0), self, Finding.SUCCESS, "status 200");

        assertThat(sent)
                .containsExactly(
                        new Sent(second, new ProbeDone(0, 6, Finding.UNWATCHED, "not watched here")),
                        new Sent(second, new ProbeDone(0, 5, Finding.SUCCESS, "status 200")));
    }

    @Test
    void onlyTheOwnerProbesAtIntervals() {
        Map<TargetAddress, Assignment> owned =
                upkeep.assignments(table.upstream("orders").orElseThrow());
        watch(second);
        Map<TargetAddress, Assignment> bySecond =
                upkeep.assignments(table.upstream("orders").orElseThrow());
        inContact = false;
        Map<TargetAddress, Assignment> cutOff =
                upkeep.assignments(table.upstream("orders").orElseThrow());

        assertThat(owned).containsOnlyKeys(address);
        assertThat(bySecond).isEmpty();
        assertThat(cutOff).containsOnlyKeys(address);
    }

    @Test
    void verdictThatExpiresIsAChange() {
        decisions.circle(new Circle(third(), true, List.of(11L, OTHER, THIRD)));
        decisions.rulings().take(new Verdict(address, now, false, Cause.PROBES_REFUSED, second, now, ""));
        changes.clear();
        now += 301_000;
        upkeep.second();

        assertThat(up()).isTrue();
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.usable()).isTrue();
            assertThat(change.shared()).isTrue();
            assertThat(change.cause()).isEqualTo(Cause.FORGOTTEN);
        });
    }
}
