package io.sluice.state.limit.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.limit.ClusterLimiters;
import io.sluice.state.limit.Contact;
import io.sluice.state.limit.Estates;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.PoolMessage;
import io.sluice.state.limit.Roster;
import io.sluice.state.limit.TransferRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LaneLoopTest {

    private static final UUID RULE = new UUID(1, 2);

    private final List<Batch> sent = new CopyOnWriteArrayList<>();
    private final List<List<TransferRow>> replicated = new CopyOnWriteArrayList<>();
    private final LaneLoop loop = new LaneLoop(0, new Outlet());

    private final class Outlet implements LaneLoop.Outlet {
        @Override
        public void send(long member, Batch batch) {
            sent.add(batch);
        }

        @Override
        public void replicate(List<TransferRow> rows) {
            replicated.add(rows);
        }

        @Override
        public void second() {}
    }

    @BeforeEach
    void start() {
        Roster roster = new Roster(1, new long[] {1, 2}, Set.of());
        loop.start(new ClusterLimiters(
                        new KeyBudget(10), () -> 1_000, Contact.always(), List.of(loop), roster, Estates.founded(1))
                .lanes()
                .get(0));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private static PoolMessage message(long number) {
        return new PoolMessage.Empty(RULE, 7, 0, number, 0);
    }

    @Test
    void manyMessagesShareEnvelopesOf64InTheirOrder() {
        loop.run(() -> {
            for (int i = 0; i < 150; i++) {
                loop.send(2, message(i));
            }
        });

        await().until(() ->
                sent.stream().mapToInt(batch -> batch.messages().size()).sum() == 150);
        assertThat(sent).extracting(batch -> batch.messages().size()).containsExactly(64, 64, 22);
        List<PoolMessage> all = new ArrayList<>();
        sent.forEach(batch -> all.addAll(batch.messages()));
        assertThat(all).extracting(one -> ((PoolMessage.Empty) one).number()).isSorted();
    }

    @Test
    void peerIsNotKeptWaitingForAnother() {
        loop.run(() -> {
            loop.send(2, message(1));
            loop.send(3, message(2));
        });

        await().until(() -> sent.size() == 2);
    }

    @Test
    void rowsOfOneTurnArePassedOnTogetherBeforeWhatWaitsForThem() throws Exception {
        TransferRow row = new TransferRow(RULE, 7, 0, 9, 0, 1, 2, 3, 0, 0);
        CountDownLatch passedOn = new CountDownLatch(1);

        loop.run(() -> {
            loop.changed(row);
            loop.changed(row);
            loop.whenPassedOn(() -> {
                assertThat(replicated).hasSize(1);
                passedOn.countDown();
            });
        });

        assertThat(passedOn.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(replicated).containsExactly(List.of(row, row));
    }

    @Test
    void rowsOfTheLastTaskHaveBeenPassedOnWhenTheThreadHasEnded() {
        TransferRow row = new TransferRow(RULE, 7, 0, 9, 0, 1, 2, 3, 0, 0);
        CountDownLatch closing = new CountDownLatch(1);

        loop.run(() -> {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            loop.changed(row);
        });
        loop.close();
        closing.countDown();
        loop.awaitEnd();

        assertThat(replicated).containsExactly(List.of(row));
    }

    @Test
    void taskThatFailsDoesNotEndTheLane() throws Exception {
        CountDownLatch later = new CountDownLatch(1);

        loop.run(() -> {
            throw new IllegalStateException("a bug");
        });
        loop.run(later::countDown);

        assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nothingIsSentToWhoIsNoMemberAnyMore() throws Exception {
        CountDownLatch done = new CountDownLatch(1);

        loop.run(() -> {
            loop.send(2, message(1));
            loop.roster(Roster.alone(1));
            loop.whenPassedOn(done::countDown);
        });

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(sent).isEmpty();
    }
}
