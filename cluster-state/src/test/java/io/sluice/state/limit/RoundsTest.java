package io.sluice.state.limit;

import static io.sluice.state.limit.OneNode.OTHER;
import static io.sluice.state.limit.OneNode.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is done for all keys is done in pieces, and requests in between are decided as if it were done. */
class RoundsTest {

    private static final long NOW = Simulation.EPOCH + 5_000;
    private static final int KEYS = 9_000;
    private static final Limits HUNDRED = Limits.of(Map.of(Period.MINUTE, 100L));

    private final OneNode node = new OneNode(WindowType.FIXED, HUNDRED, NOW, SELF, OTHER);
    private final TokenPool pool = node.open();

    @Test
    void aWalkShowsAllThatWereThereThoughOthersComeAndGo() {
        var table = new LimiterTable();
        List<Entry> stay = new ArrayList<>();
        for (long i = 1; i <= 1_000; i++) {
            stay.add(table.add(entry(i)));
        }
        Entry goes = table.add(entry(5_000));
        Set<Entry> shown = new HashSet<>();
        var walk = table.walk();

        long more = 10_000;
        while (walk.goOn(100, shown::add) > 0) {
            for (int i = 0; i < 200; i++) {
                table.add(entry(more++)); // makes the table grow under it
            }
            table.remove(goes);
        }

        assertThat(shown).containsAll(stay);
    }

    private static Entry entry(long i) {
        return new Entry(i * 0x9E3779B97F4A7C15L);
    }

    @Test
    void aKeyThatIsNotLookedAtYetIsDecidedByTheNewEra() {
        use();
        node.now += 1_000;

        node.limiters.learn(Estates.of(List.of(new Era(1, NOW - 5_000, new long[] {SELF})), List.of()));
        node.runTasks();

        assertThat(node.lane().busy()).as("a piece is not all").isTrue();
        for (int i = 0; i < KEYS; i += 100) {
            assertThat(node.admitted(pool, "k" + i, 101)).isEqualTo(99);
        }
    }

    @Test
    void inTheEndEveryLeaseIsOfTheNewEra() {
        use();
        List<Lease> before = leases();

        node.limiters.learn(Estates.of(List.of(new Era(1, NOW + 55_000, new long[] {SELF})), List.of()));
        node.runTasks();
        int pieces = 1;
        while (node.lane().goOn()) {
            pieces++;
        }

        assertThat(pieces).isGreaterThan(5);
        assertThat(leases()).hasSize(KEYS).doesNotContainAnyElementsOf(before);
        assertThat(before).allMatch(lease -> lease.take(1, node.now, new Outcome(1)) == Lease.Taken.CLOSED);
        assertThat(leases().stream().map(Lease::claims).distinct().count())
                .as("claims that are the same are one object")
                .isLessThan(4);
    }

    @Test
    void aNodeThatLeavesSpendsNothingThoughItIsNotThroughWithHandingOver() {
        use();
        boolean[] done = {false};

        node.lane().handOver(OTHER, () -> done[0] = true);

        for (int i = 0; i < KEYS; i += 100) {
            assertThat(node.admitted(pool, "k" + i, 1)).isZero();
        }
        assertThat(done[0]).isFalse();
        while (node.lane().goOn()) {}
        assertThat(done[0]).isTrue();
        assertThat(node.sent).as("told at once").hasSize(4_096);
        assertThat(node.changed).as("replicated").hasSize(KEYS);
    }

    private void use() {
        for (int i = 0; i < KEYS; i++) {
            assertThat(node.acquire(pool, "k" + i).admitted()).isTrue();
        }
    }

    private List<Lease> leases() {
        List<Lease> leases = new ArrayList<>();
        pool.table().forEach(entry -> leases.add(entry.lease()));
        return leases;
    }
}
