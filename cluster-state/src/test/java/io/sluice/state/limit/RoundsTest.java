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

    @Test
    void placesAreGoneOverToANewTurnInPieces() {
        var settling = new Settling();
        int slots = (int) settling.pool.table().slots();
        int most = 0;
        int pieces = 0;

        boolean more = true;
        while (more) {
            Set<Lease> before = new HashSet<>(leases(settling.pool));
            if (pieces++ % 3 == 0) {
                settling.node.lane().settle(); // a second later, too: does not begin again
            }
            more = settling.node.lane().goOn();
            List<Lease> after = leases(settling.pool);
            after.removeAll(before);
            most = Math.max(most, after.size());
            assertThat(settling.isSettled()).isEqualTo(!more);
        }

        assertThat(most).isBetween(1, 2 * Rounds.Purpose.SETTLE.piece());
        assertThat(pieces).isBetween(3, slots / Rounds.Purpose.SETTLE.piece() + 1);
    }

    @Test
    void aSingleKeyThatDoesNotFitKeepsANodeFromSettling() {
        var settling = new Settling();
        List<Outcome> requests = new ArrayList<>();
        for (int i = 0; i < 49; i++) {
            requests.add(settling.node.acquire(settling.pool, "k1"));
        }
        settling.turn(1, SELF, OTHER, 3);

        settling.round();
        boolean before = settling.isSettled();
        requests.forEach(settling.pool::release);
        settling.round();

        assertThat(requests).allMatch(Outcome::admitted);
        assertThat(before).isFalse();
        assertThat(settling.isSettled()).isTrue();
    }

    @Test
    void aTurnThatBeginsMeanwhileIsSettledInInstead() {
        var settling = new Settling();
        settling.node.lane().settle();
        settling.turn(1, SELF, OTHER, 3);

        settling.round();

        assertThat(settling.isSettled()).isTrue();
        assertThat(settling.settled().era()).isEqualTo(1);
    }

    @Test
    void aNodeThatHasBecomeAnotherOneHasNotSettledByWhatItBegan() {
        var settling = new Settling();
        settling.node.lane().settle();

        settling.node.lane().roster(new Roster(7, new long[] {OTHER, 7}, Set.of()));
        while (settling.node.lane().goOn()) {}

        assertThat(settling.settled()).isEqualTo(Turn.NONE);
    }

    /** A node with many keys in use, each at one of a hundred places. */
    private static final class Settling {
        private static final long[] BOTH = {SELF, OTHER};
        private final OneNode node = new OneNode(WindowType.CONCURRENCY, Limits.concurrent(100), NOW, BOTH);
        private final TokenPool pool = node.open();
        private Roster roster = new Roster(SELF, BOTH, Set.of());

        Settling() {
            for (int i = 0; i < KEYS; i++) {
                assertThat(node.acquire(pool, "k" + i).admitted()).isTrue();
            }
        }

        void turn(int era, long... members) {
            roster = new Roster(SELF, members, Set.of());
            node.lane().roster(roster);
            node.limiters.learn(Estates.of(List.of(new Era(era, node.now, members)), List.of()));
            node.runTasks();
            node.now += 1_000;
        }

        void round() {
            node.lane().settle();
            while (node.lane().goOn()) {}
        }

        boolean isSettled() {
            return settled().covers(Turn.at(node.limiters.estates(), node.now));
        }

        Turn settled() {
            node.limiters.keepEras(roster);
            node.runTasks();
            return node.limiters.estates().settled(SELF);
        }
    }

    private void use() {
        for (int i = 0; i < KEYS; i++) {
            assertThat(node.acquire(pool, "k" + i).admitted()).isTrue();
        }
    }

    private List<Lease> leases() {
        return leases(pool);
    }

    private static List<Lease> leases(TokenPool pool) {
        List<Lease> leases = new ArrayList<>();
        pool.table().forEach(entry -> leases.add(entry.lease()));
        return leases;
    }
}
