package io.sluice.state.limit;

import static io.sluice.state.limit.OneNode.OTHER;
import static io.sluice.state.limit.OneNode.RULE;
import static io.sluice.state.limit.OneNode.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A key with few tokens, whose home does not answer: nobody can give what that owns, so nobody is kept waiting for it. */
class SilentHomeTest {

    private static final long NOW = Simulation.EPOCH + 5_000;
    private static final long AT_ONCE = 1;
    private static final Limits FIVE = Limits.of(Map.of(Period.MINUTE, 5L));

    private final OneNode node = new OneNode(WindowType.FIXED, FIVE, NOW, SELF, OTHER);
    private final TokenPool pool = node.open();
    private final String key = IntStream.range(0, 100)
            .mapToObj(i -> "k" + i)
            .filter(one -> Holders.home(pool.hash(one), new long[] {SELF, OTHER}) == OTHER)
            .findFirst()
            .orElseThrow();

    @Test
    void aFewRequestsWaitUntilItIsTakenForSilentThenOneAtATime() {
        List<Long> waits = waits(3_000);

        assertThat(waits).hasSize(300);
        assertThat(waits.stream().filter(wait -> wait > AT_ONCE)).hasSizeLessThan(45);
        assertThat(waits.subList(100, 300).stream().filter(wait -> wait > AT_ONCE))
                .as("one in a quarter of a second")
                .hasSizeBetween(1, 10)
                .allMatch(wait -> wait <= TokenLane.PATIENCE_MILLIS + AT_ONCE);
    }

    /** A request every ten milliseconds; how many milliseconds each took to be refused. */
    private List<Long> waits(long millis) {
        List<Long> waits = new ArrayList<>();
        for (long end = node.now + millis; node.now < end; ) {
            Outcome outcome = node.acquire(pool, key);
            node.runTasks();
            long asked = node.now;
            outcome.pending().orElseThrow().thenAccept(refused -> {
                assertThat(refused.admitted()).isFalse();
                waits.add(node.now - asked);
            });
            pass(10);
        }
        pass(100);
        return waits;
    }

    private void pass(long millis) {
        for (int i = 0; i < millis; i++) {
            node.now++;
            node.lane().tick();
        }
    }

    @Test
    void oneThatAnswersIsAskedByAllAgain() {
        waits(1_000);
        node.sent.clear();
        pass(300);
        Outcome probe = node.acquire(pool, key);
        node.runTasks();
        var asked = (PoolMessage.Decide) node.sent.get(0);

        node.lane()
                .receive(new PoolMessage.Decided(
                        RULE, asked.hash(), asked.number(), true, node.now, 0, new long[] {1}, new long[] {NOW}));
        node.acquire(pool, key);
        node.acquire(pool, key);
        node.runTasks();

        assertThat(probe.admitted()).isTrue();
        assertThat(node.sent).hasSize(3).allMatch(PoolMessage.Decide.class::isInstance);
    }

    @Test
    void whoIsBusyButSaysSomethingIsNotTakenForSilent() {
        for (int i = 0; i < 20; i++) {
            Outcome outcome = node.acquire(pool, key);
            node.runTasks();
            pass(40);
            assertThat(OneNode.done(outcome)).as("request %s", i).isFalse();
            node.lane().heard(OTHER);
            pass(20);
        }
    }

    @Test
    void isNotToldToComeBackBeforeTheEraWithoutIt() {
        node.lane().roster(new Roster(SELF, new long[] {SELF, OTHER}, Set.of(OTHER)));
        assertThat(refused().freeAt(0)).isEqualTo(Simulation.EPOCH + 60_000);

        // The window that comes next begins before that era does.
        long start = Simulation.EPOCH + 61_000;
        node.limiters.learn(Estates.of(List.of(new Era(1, start, new long[] {SELF})), List.of()));
        node.runTasks();

        assertThat(refused().freeAt(0)).isEqualTo(Simulation.EPOCH + 120_000);
    }

    private Outcome refused() {
        Outcome outcome = node.acquire(pool, key);
        node.runTasks();
        assertThat(OneNode.done(outcome)).isTrue();
        assertThat(outcome.admitted()).isFalse();
        assertThat(outcome.used(0)).isEqualTo(5);
        return outcome;
    }
}
