package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.health.HealthMessage.Verdicts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What people say by hand while the node is out of contact. */
class MarksTest extends OneOfThree {

    private void lose() {
        inContact = false;
        upkeep.contact();
    }

    private void comeBack() {
        inContact = true;
        upkeep.contact();
        after(Duration.ofSeconds(1));
        after(Duration.ofSeconds(1));
    }

    @Test
    void whatWasSaidOutOfContactIsToldWhenTheNodeIsBack() {
        lose();
        marks.mark(state, false);
        int early = sent(Verdicts.class).size();
        boolean here = state.cell.usable();
        comeBack();

        assertThat(early).isZero();
        assertThat(here).isFalse();
        assertThat(up()).isFalse();
        assertThat(sentTo(Verdicts.class)).contains(second, third());
        assertThat(table.verdict(address).orElseThrow().cause()).isEqualTo(Cause.MANUAL);
    }

    @Test
    void whatOthersHaveFoundSinceCountsMore() {
        lose();
        marks.mark(state, false);
        now += 1_000;
        inContact = true;
        upkeep.contact();
        decisions.rulings().take(new Verdict(address, now, true, Cause.MANUAL, second, now, ""));
        after(Duration.ofSeconds(3));

        assertThat(up()).isTrue();
        assertThat(state.cell.usable()).isTrue();
        assertThat(sent(Verdicts.class)).isEmpty();
    }

    @Test
    void whatOthersHadFoundBeforeCountsLess() {
        long found = now;
        now += 1_000;
        lose();
        marks.mark(state, true);
        inContact = true;
        upkeep.contact();
        decisions.rulings().take(new Verdict(address, found + 60_000, false, Cause.PROBES_REFUSED, second, found, ""));
        after(Duration.ofSeconds(3));

        assertThat(up()).isTrue();
        assertThat(state.cell.usable()).isTrue();
    }

    @Test
    void whatProbesHaveFoundOutSinceIsNotSaidAgain() {
        lose();
        marks.mark(state, false);
        probed(Finding.SUCCESS, 2);
        comeBack();

        assertThat(up()).isTrue();
        assertThat(state.cell.usable()).isTrue();
        assertThat(sent(Verdicts.class)).isEmpty();
    }
}
