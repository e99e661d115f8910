package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes that use others' tokens: how much beyond the limit that is, and that it is paid back. */
class OverdraftTest {

    private static final long LIMIT = 1000;
    private static final Limits THOUSAND = Limits.of(Map.of(Period.SECOND, LIMIT));
    private static final LimitRule AVAILABLE = new LimitRule(
            OneNode.RULE, Reach.CLUSTER, WindowType.FIXED, Mode.AVAILABLE, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK);
    private static final int SECONDS = 60;
    private static final long FIRST = Simulation.EPOCH / 1000;

    /**
     * Measured over a minute: 0.03 % above what the seconds allow at twice the limit, 0.10 % at ten times. Single seconds were up
     * to 2.4 % and 7.5 % above, and the next ones as much below.
     */
    @ParameterizedTest
    @CsvSource({"2", "10"})
    void availableIsHardlyAboveTheLimitInTheMean(int times) {
        var simulation = simulation(WindowType.FIXED, Mode.AVAILABLE, PeerPolicy.SHARE);
        simulation.start(10);
        simulation.load(0, SECONDS * 1000, times * LIMIT, () -> simulation.random(10), "k");

        simulation.run(SECONDS * 1000);

        long possible = SECONDS * LIMIT;
        assertThat(simulation.admitted().size()).isBetween((int) possible, (int) (possible * 1.0016));
        assertThat(simulation.admitted().byWindow(1000).values()).allMatch(count -> count <= LIMIT * 1.1);
        assertThat(simulation.counted(LaneCounters::overdrawn)).isPositive();
    }

    /** Measured: 8.6 % in the second of the burst, 4.4 % less than the limit in the next. */
    @Test
    void aFlashBurstOverdrawsLessThanATenthAndTheNextSecondPays() {
        var simulation = simulation(WindowType.FIXED, Mode.AVAILABLE, PeerPolicy.SHARE);
        simulation.start(10);
        simulation.load(2_000, 2_100, 50 * LIMIT, () -> simulation.random(10), "k");
        simulation.load(3_000, 4_000, 5 * LIMIT, () -> simulation.random(10), "k");

        simulation.run(4_000);

        var windows = simulation.admitted().byWindow(1000);
        assertThat(windows.get(FIRST + 2)).isBetween(LIMIT + 1, LIMIT * 1107 / 1000);
        assertThat(simulation.admitted().size()).isLessThanOrEqualTo((int) (2 * LIMIT * 1.06));
    }

    @Test
    void availableWaitsForOthersHardlyEverWhileTheyHaveTokens() {
        var strict = simulation(WindowType.FIXED, Mode.STRICT, PeerPolicy.SHARE);
        var available = simulation(WindowType.FIXED, Mode.AVAILABLE, PeerPolicy.SHARE);
        for (var simulation : new Simulation[] {strict, available}) {
            simulation.start(10);
            simulation.load(0, 10_000, 800, () -> simulation.random(10) < 7 ? 0 : simulation.random(10), "k");
            simulation.run(10_000);
        }

        assertThat(available.counted(LaneCounters::parked)).isLessThan(strict.counted(LaneCounters::parked) / 4);
        assertThat(available.admitted().byWindow(1000).values()).allMatch(count -> count <= LIMIT);
    }

    @Test
    void strictOverdrawsNothing() {
        var simulation = simulation(WindowType.FIXED, Mode.STRICT, PeerPolicy.SHARE);
        simulation.start(10);
        simulation.load(0, 10_000, 10_000, () -> simulation.random(10), "k");

        simulation.run(10_000);

        assertThat(simulation.counted(LaneCounters::overdrawn)).isZero();
        assertThat(simulation.admitted().byWindow(1000).values()).allMatch(count -> count <= LIMIT);
    }

    /**
     * Measured: 2000 in every second of the cut from when it was noticed, in the seconds after it 19 and 981 (SLIDING 15 and 985,
     * BUCKET 16 and 983), then 1000 as before.
     */
    @ParameterizedTest
    @EnumSource(
            value = WindowType.class,
            names = {"FIXED", "SLIDING", "BUCKET"})
    void openAdmitsTheLimitOnEachSideOfACutAndNoMore(WindowType type) {
        var simulation = simulation(type, Mode.STRICT, PeerPolicy.OPEN);
        simulation.start(4);
        simulation.at(1_500, () -> simulation.partition(0, 0, 1, 1));
        simulation.at(20_500, simulation::heal);
        simulation.load(0, 40_000, 6_000, () -> simulation.random(4), "k");

        simulation.run(40_000);

        var windows = simulation.admitted().byWindow(1000);
        long drops = type == WindowType.BUCKET ? 5 : 0; // that fall due at either end of a second
        for (long second = 8; second < 20; second++) {
            assertThat(windows.get(FIRST + second)).isBetween(LIMIT * 19 / 10, 2 * LIMIT + drops);
        }
        if (type != WindowType.BUCKET) { // a bucket gives what it held besides
            assertThat(windows.get(FIRST + 1)).isLessThanOrEqualTo(LIMIT);
            assertThat(windows.values()).allMatch(count -> count <= 2 * LIMIT * 1.02);
        }
        // Each side pays what it borrowed last; then all is as before.
        long after = windows.get(FIRST + 21) + windows.get(FIRST + 22);
        assertThat(after).isLessThanOrEqualTo(LIMIT * 11 / 10);
        for (long second = 30; second < 40; second++) {
            assertThat(windows.get(FIRST + second)).isBetween(LIMIT * 9 / 10, LIMIT + drops);
        }
    }

    /**
     * The tokens of a dead node are borrowed until they are shared out among the others, and not for a moment longer, although
     * nodes look again only once a second. Measured: 1000 in every second from when its death was noticed, 659 in the one in
     * which what was borrowed last is paid back (SLIDING 655 in two).
     */
    @ParameterizedTest
    @EnumSource(
            value = WindowType.class,
            names = {"FIXED", "SLIDING"})
    void openNeverBorrowsFromTheDeadWhatTheLivingOwn(WindowType type) {
        var simulation = simulation(type, Mode.STRICT, PeerPolicy.OPEN);
        simulation.startBeforeGenerationEnd(300_650);
        simulation.start(3);
        simulation.at(2_500, () -> simulation.crash(2));
        simulation.load(0, 2_500, 6_000, () -> simulation.random(3), "k");
        simulation.load(2_500, 40_000, 6_000, () -> simulation.random(2), "k");

        simulation.run(40_000);

        var afterwards = new TreeMap<>(simulation.admitted().byWindow(1000));
        afterwards.headMap(afterwards.firstKey() + 4).clear();
        assertThat(afterwards.values()).hasSizeGreaterThan(30).allMatch(count -> count <= LIMIT);
        assertThat(afterwards.get(afterwards.firstKey() + 2)).isGreaterThan((int) LIMIT * 95 / 100);
    }

    @Test
    void whoHasUsedMoreThanItOwnsNowBorrowsSoMuchLess() {
        var limits = Limits.of(Map.of(Period.SECOND, 100L));
        var outcome = new Outcome(1);
        var own = Lease.first(WindowType.FIXED, Claims.all(limits), Simulation.EPOCH);
        assertThat(own.take(24, Simulation.EPOCH, outcome)).isEqualTo(Lease.Taken.ADMITTED);
        own.close();
        var nothing = own.next(Claims.none(limits), Simulation.EPOCH);
        var overdraft = new Overdraft();

        overdraft.review(WindowType.FIXED, new long[] {100}, nothing, Simulation.EPOCH + 1000, Simulation.EPOCH);
        assertThat(borrowed(overdraft, Simulation.EPOCH)).isEqualTo(76);

        long next = Simulation.EPOCH + 1000;
        assertThat(overdraft.isDue(nothing.claims(), next)).isTrue();
        overdraft.review(WindowType.FIXED, new long[] {100}, nothing, next + 1000, next);
        assertThat(borrowed(overdraft, next)).isEqualTo(100);
    }

    @Test
    void whoIsSentTokensLooksAgainWhatItMayBorrow() {
        var limits = Limits.of(Map.of(Period.SECOND, 100L));
        var few = Lease.first(WindowType.FIXED, owning(limits, 33), Simulation.EPOCH);
        var overdraft = new Overdraft();
        overdraft.review(WindowType.FIXED, new long[] {67}, few, Claims.NEVER, Simulation.EPOCH);

        assertThat(overdraft.isDue(few.claims(), Simulation.EPOCH + 1)).isFalse();
        assertThat(overdraft.isDue(owning(limits, 39), Simulation.EPOCH + 1)).isTrue();
        assertThat(overdraft.isDue(owning(limits, 20), Simulation.EPOCH + 1)).isFalse();
    }

    /** What was sent before a cut, or into it, arrives when all of it has been borrowed, or not yet. */
    @ParameterizedTest
    @CsvSource({"FIXED,100", "FIXED,60", "FIXED,1", "SLIDING,100", "SLIDING,60", "SLIDING,1", "BUCKET,100", "BUCKET,60"
    })
    void whatArrivesFromWhomANodeBorrowsIsNotSpentTwice(WindowType type, int before) {
        var limits = Limits.of(Map.of(Period.SECOND, 100L));
        var node = new OneNode(type, limits, Simulation.EPOCH + 100_000, OneNode.SELF, OneNode.OTHER);
        var open =
                new LimitRule(OneNode.RULE, Reach.CLUSTER, type, Mode.STRICT, PeerPolicy.OPEN, LimitRule.DEFAULT_PARK);
        var pool = (TokenPool) node.limiters.open(open, limits);
        node.lane().roster(new Roster(OneNode.SELF, new long[] {OneNode.SELF, OneNode.OTHER}, Set.of(OneNode.OTHER)));
        assertThat(node.admitted(pool, "k", before)).isEqualTo(before);
        long owned = node.owned("k");

        node.lane().receive(new PoolMessage.Grant(node.row(pool.hash("k"), 0, OneNode.OTHER, OneNode.SELF, 6, 0), 7));

        assertThat(before + node.admitted(pool, "k", 300)).isBetween(88, 100);
        node.now += 1_100;
        assertThat(node.admitted(pool, "k", 300)).isBetween(88, 100);
        node.now += 6_000;
        assertThat(node.admitted(pool, "k", 300)).isBetween(97, 100);
        assertThat(node.owned("k")).isEqualTo(owned + 6);
    }

    @Test
    void whatComesFromTheSameSideMayBeSpentAtOnceWhileTheOtherSidesIsBorrowed() {
        var limits = Limits.of(Map.of(Period.SECOND, 90L));
        long third = 3;
        var node = new OneNode(WindowType.FIXED, limits, Simulation.EPOCH, OneNode.SELF, OneNode.OTHER, third);
        var open = new LimitRule(
                OneNode.RULE, Reach.CLUSTER, WindowType.FIXED, Mode.STRICT, PeerPolicy.OPEN, LimitRule.DEFAULT_PARK);
        var pool = (TokenPool) node.limiters.open(open, limits);
        node.lane().roster(new Roster(OneNode.SELF, new long[] {OneNode.SELF, OneNode.OTHER, third}, Set.of(third)));
        assertThat(node.admitted(pool, "k", 300))
                .as("its own, and half of what the third owns")
                .isEqualTo(45);

        node.lane().receive(new PoolMessage.Grant(node.row(pool.hash("k"), 0, OneNode.OTHER, OneNode.SELF, 6, 0), 7));

        assertThat(node.admitted(pool, "k", 300)).isEqualTo(6);
    }

    private static Claims owning(Limits limits, long own) {
        return Claims.of(limits, new long[] {own}, new long[] {Claims.NEVER}, new long[] {own}, Claims.NEVER);
    }

    private static int borrowed(Overdraft overdraft, long now) {
        int borrowed = 0;
        while (borrowed < 1000 && overdraft.borrow(1, now, new Outcome(1))) {
            borrowed++;
        }
        return borrowed;
    }

    @Test
    void requestsInFlightThatWereOverdrawnComeBack() {
        var limits = Limits.concurrent(8);
        var overdraft = new Overdraft();
        var own = Lease.first(WindowType.CONCURRENCY, Claims.all(limits), Simulation.EPOCH);
        overdraft.review(WindowType.CONCURRENCY, new long[] {2}, own, Claims.NEVER, Simulation.EPOCH);
        var outcome = new Outcome(1);

        assertThat(overdraft.borrow(1, Simulation.EPOCH, outcome)).isTrue();
        assertThat(overdraft.borrow(1, Simulation.EPOCH, outcome)).isTrue();
        assertThat(overdraft.borrow(1, Simulation.EPOCH, outcome)).isFalse();

        assertThat(overdraft.giveBack(1)).isZero();
        assertThat(overdraft.giveBack(3)).isEqualTo(2);
        assertThat(overdraft.owed()).isZero();
    }

    @Test
    void aNodeThatOverdrawsSaysSoAndAsksForAsMany() {
        var limits = Limits.of(Map.of(Period.MINUTE, LIMIT));
        var node = new OneNode(WindowType.FIXED, limits, Simulation.EPOCH, OneNode.SELF, OneNode.OTHER);
        node.open();
        var pool = node.limiters.open(AVAILABLE, limits);
        long owned = node.owned("k");

        int admitted = node.admitted(pool, "k", 1000);
        node.runTasks();

        long beyond = (LIMIT - owned) / 10 / 2;
        assertThat(admitted).isEqualTo((int) (owned + beyond));
        var position =
                node.limiters.view(OneNode.RULE, "k").orElseThrow().positions().get(0);
        assertThat(position.debt()).isEqualTo(beyond);
        assertThat(node.limiters.counters().overdrawn()).isEqualTo(beyond);
        assertThat(((PoolMessage.Ask) node.sent.get(0)).want()).isGreaterThanOrEqualTo(beyond);

        assertThat(owed(node)).isEqualTo(beyond);
        node.now += 60_000;
        assertThat(node.admitted(pool, "k", 1000)).isEqualTo((int) owned);
        assertThat(owed(node)).as("again, in the new window").isEqualTo(beyond);
        node.now += 60_000;
        assertThat(node.admitted(pool, "k", 1)).isOne();
        assertThat(owed(node)).isZero();
    }

    @Test
    void aNodeThatIsNotYetUpOverdrawsNothing() {
        var limits = Limits.of(Map.of(Period.SECOND, LIMIT));
        var node = new OneNode(WindowType.FIXED, limits, Simulation.EPOCH, OneNode.OTHER);
        var pool = node.limiters.open(AVAILABLE, limits);

        assertThat(node.admitted(pool, "k", 1000)).isZero();
        assertThat(node.limiters.counters().overdrawn()).isZero();
    }

    @Test
    void aNodeThatGotAnotherIdOwnsNothingOfWhatItDid() {
        var limits = Limits.of(Map.of(Period.SECOND, LIMIT));
        var node = new OneNode(WindowType.FIXED, limits, Simulation.EPOCH, OneNode.SELF, OneNode.OTHER);
        var pool = node.open();
        assertThat(node.acquire(pool, "k").admitted()).isTrue();

        node.lane().roster(new Roster(3, new long[] {OneNode.OTHER}, Set.of()));

        assertThat(node.acquire(pool, "k").admitted()).isFalse();
    }

    private static long owed(OneNode node) {
        node.lane().report();
        while (node.lane().goOn()) {}
        return node.limiters.counters().owed();
    }

    private static Simulation simulation(WindowType type, Mode mode, PeerPolicy peers) {
        return new Simulation(11, Network.GOOD, type, mode, peers, THOUSAND);
    }
}
