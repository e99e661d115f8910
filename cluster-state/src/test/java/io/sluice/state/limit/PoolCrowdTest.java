package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A flood of made-up keys: rows are remembered by all nodes, so those that one of them is asked to write are bounded. */
class PoolCrowdTest {

    private static final long NOW = 1_790_000_000_000L;

    /** Of a budget of 10,000 keys. */
    private static final int MOVED = 2_500;

    private static final int DECLARED = 5_000;

    @Test
    void givesTokensOfSoManyKeysAndNoMore() {
        var node = new OneNode(WindowType.FIXED, Limits.of(Map.of(Period.MINUTE, 100L)), NOW, OneNode.SELF);
        node.open();

        for (long key = 0; key < MOVED + 500; key++) {
            ask(node, key);
        }
        assertThat(grants(node)).isEqualTo(MOVED);
        ask(node, 7);

        assertThat(grants(node)).isEqualTo(MOVED + 1);
        assertThat(node.sent).filteredOn(PoolMessage.Empty.class::isInstance).hasSize(500);
        assertThat(node.limiters.counters().crowded()).isEqualTo(500);
    }

    private static void ask(OneNode node, long key) {
        node.lane()
                .receive(new PoolMessage.Ask(
                        OneNode.RULE,
                        key,
                        Period.MINUTE.ordinal(),
                        OneNode.OTHER,
                        key + 1,
                        1,
                        0,
                        0,
                        new long[0],
                        Long.MAX_VALUE));
    }

    private static long grants(OneNode node) {
        return node.sent.stream().filter(PoolMessage.Grant.class::isInstance).count();
    }

    @Test
    void whatTheHomeHasOfAKeyIsHadByItsDecisions() {
        var node =
                new OneNode(WindowType.FIXED, Limits.of(Map.of(Period.MINUTE, 100L)), NOW, OneNode.SELF, OneNode.OTHER);
        TokenPool limiter = node.open();
        for (long key = 0; key < MOVED; key++) {
            node.lane().receive(new PoolMessage.Grant(node.row(key, 1, OneNode.OTHER, OneNode.SELF, 1, 0), 0));
        }
        String key = awayFromHome(node);
        node.admitted(limiter, key, (int) node.owned(key));
        node.sent.clear();

        node.acquire(limiter, key);
        node.runTasks();

        assertThat(node.sent).hasOnlyElementsOfType(PoolMessage.Decide.class).isNotEmpty();
    }

    private static String awayFromHome(OneNode node) {
        int number = 0;
        while (node.limiters.view(OneNode.RULE, "key " + number).orElseThrow().home() != OneNode.OTHER) {
            number++;
        }
        return "key " + number;
    }

    @Test
    void declaresTokensOfSoManyKeysAndNoMore() {
        var node = new OneNode(WindowType.FIXED, Limits.of(Map.of(Period.HOUR, 100L)), NOW, OneNode.SELF);
        TokenPool limiter = node.open();

        int admitted = 0;
        for (int key = 0; key < DECLARED + 500; key++) {
            Outcome outcome = node.acquire(limiter, "key " + key);
            node.runTasks();
            assertThat(OneNode.done(outcome)).isTrue();
            admitted += outcome.admitted() ? 1 : 0;
        }

        assertThat(admitted).isEqualTo(DECLARED);
        Outcome known = node.acquire(limiter, "key 3");
        node.runTasks();
        assertThat(known.admitted()).isTrue();
    }
}
