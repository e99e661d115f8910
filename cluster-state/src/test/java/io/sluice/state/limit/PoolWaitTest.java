package io.sluice.state.limit;

import static io.sluice.state.limit.OneNode.OTHER;
import static io.sluice.state.limit.OneNode.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Requests that wait for tokens from another node. */
class PoolWaitTest {

    private static final long NOW = Simulation.EPOCH + 5_000;
    private static final Limits HUNDRED = Limits.of(Map.of(Period.MINUTE, 100L));
    private static final int SLOT = Period.MINUTE.bitPosition();

    private final OneNode node = new OneNode(WindowType.FIXED, HUNDRED, NOW, SELF, OTHER);
    private final TokenPool pool = node.open();
    private final long hash = pool.hash("k");

    @Test
    void isAdmittedThoughItsKeyWasForgottenMeanwhile() {
        node.lane().receive(ask(1000));
        long owned = node.owned("k");
        node.sent.clear();
        for (long i = 0; i < owned; i++) {
            node.acquire(pool, "k");
        }
        var outcome = node.acquire(pool, "k");
        node.runTasks();
        var question = (PoolMessage.Ask) node.sent.get(0);
        pool.entry(hash, NOW).forget();
        pool.table().forEach(pool.table()::remove);

        node.lane().receive(new PoolMessage.Grant(node.row(hash, SLOT, OTHER, SELF, 200, 0), question.number()));

        assertThat(OneNode.done(outcome)).isTrue();
        assertThat(outcome.admitted()).isTrue();
    }

    @Test
    void doesNotWaitIfItCostsMoreThanTheLimit() {
        Outcome outcome = new Outcome(1);

        pool.acquire("k", HUNDRED, 101, outcome);
        node.runTasks();

        assertThat(outcome.pending()).isEmpty();
        assertThat(outcome.admitted()).isFalse();
        assertThat(node.sent).isEmpty();
        assertThat(node.acquire(pool, "k").admitted()).isTrue();
    }

    @Test
    void isToldThatNothingIsLeftIfTheHomeIsSilent() {
        OneNode few = new OneNode(WindowType.FIXED, Limits.of(Map.of(Period.MINUTE, 5L)), NOW, SELF, OTHER);
        TokenPool scarce = few.open();
        String key = IntStream.range(0, 100)
                .mapToObj(Integer::toString)
                .filter(some -> Holders.home(scarce.hash(some), new long[] {SELF, OTHER}) == OTHER)
                .findFirst()
                .orElseThrow();
        Outcome outcome = few.acquire(scarce, key);
        few.runTasks();
        assertThat(OneNode.done(outcome)).isFalse();

        few.now += 1_000;
        few.lane().tick();

        assertThat(OneNode.done(outcome)).isTrue();
        assertThat(outcome.admitted()).isFalse();
        assertThat(outcome.used(0)).isEqualTo(5);
    }

    @Test
    void isDecidedThoughTheClockWasSetBack() {
        node.admitted(pool, "k", 100);
        var outcome = node.acquire(pool, "k");
        node.runTasks();
        assertThat(OneNode.done(outcome)).isFalse();

        node.now -= 3_600_000;
        node.lane().tick();

        assertThat(OneNode.done(outcome)).isTrue();
        assertThat(node.lane().busy()).isFalse();
    }

    @Test
    void waitsNoLongerWhenTheClockWasBackAsItWasRefused() {
        node.admitted(pool, "k", 100);
        node.now = NOW - 6_000; // in the window before, so it is counted as at the begin of the current one
        var outcome = node.acquire(pool, "k");
        node.runTasks();

        node.now += LimitRule.DEFAULT_PARK.toMillis() + 1;
        node.lane().tick();

        assertThat(OneNode.done(outcome)).isTrue();
    }

    @Test
    void oneLostMessageDoesNotSilenceAKeyUntilTheWindowEnds() {
        node.admitted(pool, "k", 100);
        node.runTasks();
        node.now += TokenLane.PATIENCE_MILLIS + 1;
        node.lane().tick();

        assertThat(pool.entry(hash, node.now).quietUntil()).isLessThan(node.now + 1000);
    }

    @Test
    void aHigherLimitIsNotSilencedByTheLowerOne() {
        node.admitted(pool, "k", 100);
        pool.entry(hash, NOW).quiet(NOW + 50_000, pool.limits(), NOW);
        var raised = Limits.of(Map.of(Period.MINUTE, 101L));
        var outcome = new Outcome(1);
        pool.acquire("k", raised, 60, outcome);

        assertThat(outcome.pending()).isPresent();
    }

    private PoolMessage.Ask ask(long want) {
        return new PoolMessage.Ask(OneNode.RULE, hash, SLOT, OTHER, 1, want, 1, 0, new long[0], NOW);
    }
}
