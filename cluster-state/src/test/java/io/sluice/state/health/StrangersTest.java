package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.health.HealthMessage.Notice;
import io.sluice.state.health.HealthMessage.ProbeWanted;
import io.sluice.state.health.HealthMessage.Seen;
import io.sluice.state.health.HealthMessage.Unwatched;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nodes that would look after an address but do not watch its upstream. */
class StrangersTest extends OneOfThree {

    private boolean probes() {
        return upkeep.assignments(table.upstream("orders").orElseThrow()).containsKey(address);
    }

    @Test
    void nextNodeLooksAfterWhatTheOwnerDoesNotWatch() {
        watch(second);
        boolean early = probes();
        decisions.stranger("orders", self);

        assertThat(early).isFalse();
        assertThat(probes()).isTrue();
        assertThat(state.owners).isEqualTo(new Owners(second, third()));
    }

    @Test
    void ownerIsAskedAgainAndComesBackOnceItDoesNotSayNo() {
        watch(second);
        decisions.stranger("orders", self);
        sent.clear();
        after(Duration.ofSeconds(15));
        boolean asked = sentTo(Seen.class).contains(self);
        after(Duration.ofSeconds(15));
        decisions.stranger("orders", self);
        after(Duration.ofSeconds(30));
        boolean still = probes();
        after(Duration.ofSeconds(30));

        assertThat(asked).isTrue();
        assertThat(still).isTrue();
        assertThat(state.owners.owner()).isEqualTo(self);
    }

    @Test
    void ownerThatTellsOfTheUpstreamIsBackAtOnce() {
        watch(second);
        decisions.stranger("orders", self);
        upkeep.told(new Seen(self, List.of(new Notice(address, Evidence.NONE))));

        assertThat(state.owners.owner()).isEqualTo(self);
        assertThat(probes()).isFalse();
    }

    @Test
    void nodeSaysThatItDoesNotWatchAndTellsThoseWhenItDoes() {
        TargetAddress unknown = new TargetAddress("late", "b:80", "10.0.0.2", 80);
        upkeep.told(new Seen(third(), List.of(new Notice(unknown, Evidence.NONE))));
        List<Long> told = sentTo(Unwatched.class);
        WatchedUpstream late = new WatchedUpstream("late", checks, Optional.empty(), List.of(unknown));
        table.watch(late);
        sent.clear();
        upkeep.watch(late);

        assertThat(told).containsExactly(third());
        assertThat(sentTo(Seen.class)).containsExactly(third());
    }

    @Test
    void anotherIsAskedInPlaceOfASecondThatDoesNotWatch() {
        probed(Finding.REFUSED, 2);
        decisions.doubts().probed(sent(ProbeWanted.class).get(0).number(), second, Finding.UNWATCHED);
        boolean early = up();
        decisions.doubts().probed(sent(ProbeWanted.class).get(1).number(), third(), Finding.REFUSED);

        assertThat(sentTo(ProbeWanted.class)).containsExactly(second, third());
        assertThat(early).isTrue();
        assertThat(up()).isFalse();
    }
}
