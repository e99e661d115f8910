package io.sluice.state.limit;

import static io.sluice.state.limit.OneNode.OTHER;
import static io.sluice.state.limit.OneNode.RULE;
import static io.sluice.state.limit.OneNode.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of counts when a rule changes. */
class PoolRuleTest {

    private static final long NOW = Simulation.EPOCH + 5_000;
    private static final Limits HUNDRED = Limits.of(Map.of(Period.MINUTE, 100L));

    private final OneNode node = new OneNode(WindowType.FIXED, HUNDRED, NOW, SELF, OTHER);

    @Test
    void changesOfHowItIsSharedKeepTheCounts() {
        var before = node.open();
        int share = node.admitted(before, "k", 100);

        var after = node.limiters.open(
                rule(WindowType.FIXED, Mode.AVAILABLE, PeerPolicy.CLOSED, Duration.ofMillis(7)), HUNDRED);
        before.close();

        var outcome = new Outcome(1);
        after.peek("k", HUNDRED, outcome);
        assertThat(outcome.used(0)).isEqualTo(share);
        assertThat(after.keys()).isOne();
    }

    @Test
    void theParkTimeOfTheLastRuleHolds() {
        var pool = node.open();
        node.limiters.open(rule(WindowType.FIXED, Mode.STRICT, PeerPolicy.SHARE, Duration.ZERO), HUNDRED);
        node.admitted(pool, "k", 100);

        var outcome = node.acquire(pool, "k");
        node.runTasks();
        node.lane().tick();

        assertThat(OneNode.done(outcome)).isTrue();
        assertThat(outcome.admitted()).isFalse();
    }

    @Test
    void anotherWindowTypeCountsAfresh() {
        var before = node.open();
        node.admitted(before, "k", 100);

        var after = node.limiters.open(
                rule(WindowType.SLIDING, Mode.STRICT, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK), HUNDRED);

        var outcome = new Outcome(1);
        after.peek("k", HUNDRED, outcome);
        assertThat(outcome.used(0)).isZero();
    }

    @Test
    void anotherWindowTypeBeginsWithoutTheTransfersOfTheFormer() {
        var before = node.open();
        node.lane().receive(new PoolMessage.Grant(node.row(before.hash("k"), 1, OTHER, SELF, 20, 0), 0));
        assertThat(node.owned("k")).isEqualTo(70);

        before.close();
        node.limiters.open(rule(WindowType.SLIDING, Mode.STRICT, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK), HUNDRED);

        assertThat(node.owned("k")).isEqualTo(50);
    }

    @Test
    void whoStillCountsByTheFormerWindowTypeIsGivenNothing() {
        node.limiters.open(rule(WindowType.SLIDING, Mode.STRICT, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK), HUNDRED);
        long former = new KeyHash(RULE).of("k");

        node.lane().receive(new PoolMessage.Ask(RULE, former, 1, OTHER, 1, 10, 1_000, 0, new long[0], NOW));

        assertThat(node.sent).singleElement().isInstanceOf(PoolMessage.Empty.class);
    }

    private static LimitRule rule(WindowType type, Mode mode, PeerPolicy peers, Duration park) {
        return new LimitRule(RULE, Reach.CLUSTER, type, mode, peers, park);
    }
}
