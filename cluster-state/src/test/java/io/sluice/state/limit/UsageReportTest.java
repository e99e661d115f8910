package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UsageReportTest {
    private final Simulation simulation =
            new Simulation(7, Network.GOOD, WindowType.FIXED, Limits.of(Map.of(Period.MINUTE, 3000L)));

    @Test
    void everyNodeTellsClientsWhatAllNodesHaveUsed() {
        simulation.start(3);
        simulation.load(1000, 20_000, 120, () -> simulation.random(3), "k");

        simulation.run(25_000);

        long used = simulation.admitted().size();
        assertThat(used).isGreaterThan(2000);
        for (int node = 0; node < 3; node++) {
            assertThat(simulation.usedAsSeenBy(node, "k", 0)).isEqualTo(used);
        }
    }

    @Test
    void aKeyBelowHalfOfEveryShareIsNotTalkedAbout() {
        simulation.start(3);
        simulation.load(1000, 50_000, 20, () -> simulation.random(3), "k");

        simulation.run(55_000);

        assertThat(simulation.admitted().size()).isGreaterThan(800);
        assertThat(simulation.counted(LaneCounters::sent)).isZero();
    }

    /** They have reported before the client came, and not since. */
    @Test
    void aNodeThatAClientComesToLaterKnowsWhatOthersHaveSaid() {
        simulation.start(3);
        simulation.load(1000, 10_000, 280, () -> 0, "k");
        simulation.at(20_000, () -> simulation.request(1, "k"));

        simulation.run(25_000);

        assertThat(simulation.admitted().size()).isGreaterThan(2000);
        assertThat(simulation.usedAsSeenBy(1, "k", 0))
                .isEqualTo(simulation.admitted().size());
    }

    @ParameterizedTest
    @EnumSource(names = {"SLIDING", "BUCKET"})
    void windowsThatMoveAreReportedUntilTheyAreLittleUsedAgain(WindowType type) {
        var moving = new Simulation(7, Network.GOOD, type, Limits.of(Map.of(Period.MINUTE, 3000L)));
        moving.start(3);
        for (int node = 0; node < 3; node++) {
            int at = node;
            moving.load(1000, 20_000, 50, () -> at, "k");
        }

        moving.run(22_000);
        long used = moving.usedAsSeenBy(0, "k", 0);
        long counted = moving.admitted().size();
        moving.run(100_000);

        assertThat(counted).isGreaterThan(2_500);
        long flowedBack = type == WindowType.BUCKET ? 3000 * 21 / 60 : 0;
        assertThat(used).isBetween(counted - flowedBack - 200, counted - flowedBack + 200);
        for (int node = 0; node < 3; node++) {
            assertThat(moving.usedAsSeenBy(node, "k", 0)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SLIDING", "BUCKET"})
    void aMovingWindowBelowHalfOfEveryShareIsNotTalkedAbout(WindowType type) {
        var moving = new Simulation(7, Network.GOOD, type, Limits.of(Map.of(Period.MINUTE, 3000L)));
        moving.start(3);
        moving.load(1000, 50_000, 20, () -> moving.random(3), "k");

        moving.run(55_000);

        assertThat(moving.admitted().size()).isGreaterThan(800);
        assertThat(moving.counted(LaneCounters::sent)).isZero();
    }

    /** What a client is told to have left does not rise within a calendar window as long as it stays with a node. */
    @Test
    void whatIsUsedDoesNotFallWithinAWindowOnANode() {
        simulation.start(3);
        simulation.load(1000, 50_000, 70, () -> simulation.random(3), "k");
        long[] seen = new long[3];

        for (long millis = 1_100; millis < 59_900; millis += 100) {
            simulation.run(millis);
            for (int node = 0; node < 3; node++) {
                long now = simulation.usedAsSeenBy(node, "k", 0);
                assertThat(now).as("at %s ms", millis).isGreaterThanOrEqualTo(seen[node]);
                seen[node] = now;
            }
        }
        assertThat(seen).containsOnly(3000);
    }

    @Test
    void aNewWindowBeginsAtNothing() {
        simulation.start(3);
        simulation.load(1000, 20_000, 120, () -> simulation.random(3), "k");

        simulation.run(60_500);

        assertThat(simulation.usedAsSeenBy(0, "k", 0)).isZero();
    }

    /** As after a restart: nobody reports, but rows say what was spent. */
    @Test
    void whatIsRememberedAsSpentCountsForTheHeaders() {
        var limits = Limits.of(Map.of(Period.HOUR, 100L));
        var node = new OneNode(WindowType.FIXED, limits, Simulation.EPOCH, OneNode.SELF, OneNode.OTHER);
        var pool = node.open();
        long hash = pool.hash("k");
        int slot = Period.HOUR.bitPosition();
        node.lane()
                .merge(List.of(
                        node.row(hash, slot, OneNode.OTHER, TransferRow.PAST, 10, 0),
                        node.row(hash, slot, OneNode.OTHER, TransferRow.SPENT, 25, 0)));
        var outcome = new Outcome(1);

        pool.peek("k", limits, outcome);
        node.lane().receive(new PoolMessage.Usage(OneNode.RULE, hash, slot, OneNode.OTHER, window(node), 26));
        var reported = new Outcome(1);
        pool.peek("k", limits, reported);

        assertThat(outcome.used(0)).isEqualTo(35);
        assertThat(reported.used(0)).isEqualTo(36);
    }

    @Test
    void whatThisNodeSpentBeforeItsRestartIsNotBelievedElsewhere() {
        var limits = Limits.of(Map.of(Period.HOUR, 100L));
        var link = new OneNode(WindowType.FIXED, limits, Simulation.EPOCH, OneNode.SELF);
        long self = 11;
        var roster = new Roster(self, new long[] {self}, Set.of());
        var limiters = new ClusterLimiters(
                new KeyBudget(10), () -> link.now, Contact.always(), List.of(link), roster, Estates.founded(self));
        var rule = new LimitRule(
                OneNode.RULE, Reach.CLUSTER, WindowType.FIXED, Mode.STRICT, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK);
        var pool = (TokenPool) limiters.open(rule, limits);
        limiters.remember(List.of(link.row(pool.hash("k"), Period.HOUR.bitPosition(), self, TransferRow.PAST, 60, 0)));
        link.runTasks();
        var outcome = new Outcome(1);

        pool.peek("k", limits, outcome);

        var position =
                limiters.view(OneNode.RULE, "k").orElseThrow().positions().get(0);
        assertThat(outcome.used(0)).isEqualTo(60);
        assertThat(position.owned()).isEqualTo(40);
        assertThat(position.elsewhere()).isZero();
    }

    private static long window(OneNode node) {
        return ClaimsRule.windowStart(Period.HOUR, node.now);
    }
}
