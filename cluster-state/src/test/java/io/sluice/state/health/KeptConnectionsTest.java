package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.health.HealthMessage.ProbeWanted;
import io.sluice.state.health.HealthMessage.Verdicts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows when the connections that were kept to a target end: two failures bring it down. */
class KeptConnectionsTest extends OneOfThree {

    private void left() {
        state.cell.left();
        decisions.look(state);
    }

    private void secondTried(Finding finding) {
        decisions.doubts().probed(sent(ProbeWanted.class).get(0).number(), second, finding);
    }

    private void tried(int number, Finding finding) {
        decisions.doubts().probedHere(probing.get(number), self, finding, finding.name());
    }

    @Test
    void ownerFindsThatATargetIsGoneBeforeAnyRequestFails() {
        long then = System.nanoTime(); // not later: suspicion is over after a moment, which a busy machine may take
        left();
        boolean suspect = state.cell.suspect(then);
        secondTried(Finding.REFUSED);
        boolean early = up();
        tried(0, Finding.REFUSED);

        assertThat(suspect).isTrue();
        assertThat(early).isTrue();
        assertThat(up()).isFalse();
        assertThat(sentTo(Verdicts.class)).containsExactlyInAnyOrder(second, third());
        assertThat(table.verdict(address).orElseThrow().detail()).isEqualTo("kept connections ended, 2 further failed");
    }

    @Test
    void targetThatTakesOthersStaysUp() {
        left();
        secondTried(Finding.REFUSED);
        tried(0, Finding.SUCCESS);

        assertThat(sentTo(ProbeWanted.class)).containsExactly(second);
        assertThat(probing).hasSize(1);
        assertThat(up()).isTrue();
        assertThat(state.glances).isZero();
    }

    @Test
    void ownerWhoseOwnConnectionsFailCondemnsNothingThatTheSecondReaches() {
        left();
        secondTried(Finding.SUCCESS);

        assertThat(probing).isEmpty();
        assertThat(up()).isTrue();
    }

    @Test
    void failuresOfRequestsInTheMeantimeCountAsWell() {
        left();
        decisions.heard(state, third(), new Evidence(0, 1, 0, 0));
        secondTried(Finding.REFUSED);

        assertThat(probing).isEmpty();
        assertThat(up()).isFalse();
    }

    @Test
    void silenceCondemnsNothing() {
        left();
        decisions.doubts().late(sent(ProbeWanted.class).get(0).number());

        assertThat(up()).isTrue();
        assertThat(state.doubt).isZero();
    }

    @Test
    void whoIsNotTheOwnerOnlyPrefersOthers() {
        watch(third());
        long then = System.nanoTime();
        left();

        assertThat(state.cell.suspect(then)).isTrue();
        assertThat(state.cell.usable()).isTrue();
        assertThat(probing).isEmpty();
        assertThat(sent).isEmpty();
    }

    @Test
    void nodeByItselfTriesAsWell() {
        decisions.circle(new Circle(self, true, List.of(self)));
        left();
        tried(0, Finding.REFUSED);
        tried(1, Finding.REFUSED);

        assertThat(up()).isFalse();
    }

    @Test
    void whatProbesCannotBringBackIsNotTried() {
        watchTrafficOnly(self);
        left();

        assertThat(probing).isEmpty();
        assertThat(up()).isTrue();
    }

    @Test
    void moreConnectionsThatEndMeanwhileChangeNothing() {
        left();
        left();

        assertThat(sentTo(ProbeWanted.class)).containsExactly(second);
    }
}
