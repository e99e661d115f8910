package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a node answers that is asked for tokens and cannot say whether it has any. */
class AskedLaneTest {

    private static final long NOW = 1_790_000_000_000L;
    private static final long WINDOW_END = NOW + 3_000_000;
    private static final Limits LIMITS = Limits.of(Map.of(Period.HOUR, 100L));
    private static final LimitRule RULE = new LimitRule(
            new UUID(1, 2), Reach.CLUSTER, WindowType.FIXED, Mode.STRICT, PeerPolicy.SHARE, Duration.ofMillis(6));

    private final List<PoolMessage> sent = new ArrayList<>();
    private final Contact contact = new Contact();
    private final ClusterLimiters limiters = new ClusterLimiters(
            new KeyBudget(100),
            () -> NOW,
            contact,
            List.of(new Recorder()),
            new Roster(1, new long[] {1, 2}, Set.of()),
            Estates.founded(1));

    private final class Recorder implements ClusterLimiters.Link {
        @Override
        public void run(Runnable task) {
            task.run();
        }

        @Override
        public void send(long member, PoolMessage message) {
            sent.add(message);
        }

        @Override
        public void changed(TransferRow row) {}
    }

    @Test
    void nodeOutOfContactDoesNotSayThatTheWindowIsUsedUp() {
        limiters.open(RULE, LIMITS);
        contact.lost();

        ask();

        assertThat(answeredUntil()).isBetween(NOW, NOW + 250);
    }

    @Test
    void nodeThatDoesNotHaveTheRuleYetDoesNotSayThatTheWindowIsUsedUp() {
        contact.confirmed(NOW);

        ask();

        assertThat(answeredUntil()).isBetween(NOW, NOW + 250);
    }

    @Test
    void nodeInContactGives() {
        limiters.open(RULE, LIMITS);
        contact.confirmed(NOW);

        ask();

        assertThat(sent).first().isInstanceOf(PoolMessage.Grant.class);
    }

    private void ask() {
        int slot = Period.HOUR.bitPosition();
        limiters.lanes()
                .get(0)
                .receive(new PoolMessage.Ask(RULE.id(), 77, slot, 2, 5, 1, 1_000, 0, new long[0], WINDOW_END));
    }

    private long answeredUntil() {
        assertThat(sent).singleElement().isInstanceOf(PoolMessage.Empty.class);
        return ((PoolMessage.Empty) sent.get(0)).until();
    }
}
