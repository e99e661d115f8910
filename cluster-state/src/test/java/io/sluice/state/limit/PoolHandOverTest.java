package io.sluice.state.limit;

import static io.sluice.state.limit.OneNode.OTHER;
import static io.sluice.state.limit.OneNode.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a node's tokens around its start and its end. */
class PoolHandOverTest {

    private static final long NOW = Simulation.EPOCH + 5_000;
    private static final Limits HUNDRED = Limits.of(Map.of(Period.MINUTE, 100L));
    private static final int SLOT = Period.MINUTE.bitPosition();

    private final OneNode node = new OneNode(WindowType.FIXED, HUNDRED, NOW, SELF, OTHER);

    @Test
    void handsOverLockedWhatCameInLocked() {
        var pool = node.open();
        int share = node.admitted(pool, "k", 100);
        node.lane().merge(List.of(node.row(pool.hash("k"), SLOT, OTHER, SELF, 0, 20)));

        node.handOver();

        assertThat(node.sent).hasSize(1);
        var row = ((PoolMessage.Grant) node.sent.get(0)).row();
        assertThat(row.locked()).isEqualTo(share + 20);
        assertThat(row.free()).isZero();
    }

    @Test
    void spendsNothingOnceItHasHandedOver() {
        var pool = node.open();
        assertThat(node.acquire(pool, "known").admitted()).isTrue();

        node.handOver();

        assertThat(node.admitted(pool, "known", 100)).isZero();
        assertThat(node.admitted(pool, "new", 100)).isZero();
    }

    @Test
    void asksForNothingOnceItHasHandedOver() {
        var pool = node.open();
        node.handOver();
        node.sent.clear();

        var outcome = node.acquire(pool, "k");
        node.runTasks();

        assertThat(OneNode.done(outcome)).isTrue();
        assertThat(outcome.admitted()).isFalse();
        assertThat(node.sent).isEmpty();
    }

    @Test
    void lockedTokensForARuleThatIsNotOpenYetStayLocked() {
        long hash = new KeyHash(OneNode.RULE).of("k");
        node.lane().merge(List.of(node.row(hash, SLOT, OTHER, SELF, 0, 20)));
        var pool = node.open();
        long share = node.owned("k");

        assertThat(share).isEqualTo(Holders.share(WindowType.FIXED, hash, 100, new long[] {SELF, OTHER}, SELF));
        assertThat(node.admitted(pool, "k", 100)).isEqualTo((int) share);
    }
}
