package io.sluice.state.limit;

import static io.sluice.state.limit.OneNode.OTHER;
import static io.sluice.state.limit.OneNode.RULE;
import static io.sluice.state.limit.OneNode.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Members that send what no member should. */
class PoolHostilityTest {

    private static final long NOW = Simulation.EPOCH + 5_000;
    private static final Limits HUNDRED = Limits.of(Map.of(Period.MINUTE, 100L));
    private static final int SLOT = Period.MINUTE.bitPosition();

    private final OneNode node = new OneNode(WindowType.FIXED, HUNDRED, NOW, SELF, OTHER);
    private final TokenPool pool = node.open();
    private final long hash = pool.hash("k");

    @Test
    void givesItselfNothing() {
        long before = node.owned("k");

        node.lane().receive(ask(SLOT, SELF, 10, 1000, 0));

        assertThat(node.owned("k")).isEqualTo(before);
        assertThat(node.sent).isEmpty();
    }

    @Test
    void givesThoseWhoHaveLeftNothing() {
        node.limiters.learn(Estates.of(List.of(), List.of(new Estates.Bequest(3, OTHER, NOW, false))));
        node.runTasks();

        node.lane().receive(ask(SLOT, 3, 10, 1000, 0));

        assertThat(node.sent).isEmpty();
    }

    @Test
    void neverGivesMoreThanItHasHoweverMuchIsAsked() {
        long before = node.owned("k");

        for (long want : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
            for (long demand : new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE}) {
                node.lane().receive(ask(SLOT, OTHER, want, demand, Long.MIN_VALUE));
                node.lane().receive(ask(SLOT, OTHER, want, demand, Long.MAX_VALUE));
            }
        }

        assertThat(node.owned("k")).isBetween(0L, before);
        assertThat(node.admitted(pool, "k", 200)).isLessThanOrEqualTo((int) before);
    }

    @ParameterizedTest
    @MethodSource
    void rowsThatCannotBeChangeNothing(TransferRow row) {
        long before = node.owned("k");

        node.lane().merge(List.of(row));
        node.lane().receive(new PoolMessage.Grant(row, 1));
        node.lane().clean();

        assertThat(node.owned("k")).isEqualTo(before);
    }

    static Stream<TransferRow> rowsThatCannotBeChangeNothing() {
        var test = new PoolHostilityTest();
        var good = test.node.row(test.hash, SLOT, OTHER, SELF, 5, 0);
        return Stream.of(
                test.node.row(test.hash, SLOT, OTHER, SELF, -5, 0),
                test.node.row(test.hash, SLOT, OTHER, SELF, 5, -5),
                test.node.row(test.hash, SLOT, SELF, OTHER, 5, 0),
                test.node.row(test.hash, SLOT, SELF, SELF, 5, 0),
                test.node.row(test.hash, SLOT, OTHER, SELF, Long.MAX_VALUE, Long.MAX_VALUE),
                withSlot(good, -1),
                withSlot(good, 7),
                withSlot(good, Integer.MAX_VALUE),
                withTimes(good, Long.MAX_VALUE, NOW),
                withTimes(good, -1, NOW),
                withTimes(good, good.generation(), Long.MAX_VALUE));
    }

    @Test
    void noRowLetsANodeOwnMoreThanTheLimit() {
        node.lane().merge(List.of(node.row(hash, SLOT, OTHER, SELF, 1L << 49, 0)));

        assertThat(node.admitted(pool, "k", 200)).isEqualTo(100);
    }

    @Test
    void aKeyIsNotSilencedForLongerThanAWindow() {
        node.admitted(pool, "k", 100);
        node.runTasks();
        var ask = (PoolMessage.Ask) node.sent.get(0);

        node.lane().receive(new PoolMessage.Empty(RULE, hash, SLOT, ask.number(), Long.MAX_VALUE));

        assertThat(pool.entry(hash, NOW).quietUntil()).isLessThanOrEqualTo(NOW + 61_000);
    }

    @Test
    void answersAboutSlotsThatAreNotThereAreIgnored() {
        node.admitted(pool, "k", 100);
        node.runTasks();

        node.lane().receive(new PoolMessage.Empty(RULE, hash, 99, 1, NOW));
        node.lane().receive(new PoolMessage.Empty(RULE, hash, -1, 1, NOW));
        node.lane().receive(ask(99, OTHER, 1, 1, 1));

        assertThat(node.owned("k")).isPositive();
    }

    @Test
    void aHugeCostIsNotAdmittedForBeingTooLargeToAdd() {
        node.acquire(pool, "k");
        var outcome = new Outcome(1);

        pool.acquire("k", HUNDRED, Long.MAX_VALUE, outcome);

        assertThat(outcome.admitted()).isFalse();
    }

    private PoolMessage.Ask ask(int slot, long asker, long want, long demand, long owned) {
        return new PoolMessage.Ask(RULE, hash, slot, asker, 1, want, demand, owned, new long[0], NOW);
    }

    private static TransferRow withSlot(TransferRow row, int slot) {
        return new TransferRow(
                row.rule(), row.hash(), slot, row.generation(), 0, row.donor(), row.recipient(), 5, 0, NOW);
    }

    private static TransferRow withTimes(TransferRow row, long generation, long notBefore) {
        return new TransferRow(
                row.rule(), row.hash(), row.slot(), generation, 0, row.donor(), row.recipient(), 5, 5, notBefore);
    }
}
