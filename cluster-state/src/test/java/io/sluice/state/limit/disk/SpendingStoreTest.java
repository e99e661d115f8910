package io.sluice.state.limit.disk;

import static io.sluice.state.limit.disk.StoreFixture.NOW;
import static io.sluice.state.limit.disk.StoreFixture.RULE;
import static io.sluice.state.limit.disk.StoreFixture.TODAY;
import static io.sluice.state.limit.disk.StoreFixture.clock;
import static io.sluice.state.limit.disk.StoreFixture.load;
import static io.sluice.state.limit.disk.StoreFixture.many;
import static io.sluice.state.limit.disk.StoreFixture.of;
import static io.sluice.state.limit.disk.StoreFixture.open;
import static io.sluice.state.limit.disk.StoreFixture.reopened;
import static io.sluice.state.limit.disk.StoreFixture.spent;
import static io.sluice.state.limit.disk.StoreFixture.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.limit.TransferRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Env;

/** What limits have spent, on disk. */
class SpendingStoreTest {

    @TempDir
    Path home;

    @Test
    void whatAllNodesSpentInAllErasIsThereAfterARestart() throws Exception {
        try (SpendingStore store = open(home, 10)) {
            store.note(List.of(spent(1, 0, 5, 10), spent(1, 0, -6, 20), spent(1, 3, 5, 7), spent(2, 0, 5, 1)));
        }

        try (SpendingStore again = open(home, 11)) {
            assertThat(load(again))
                    .containsExactlyInAnyOrder(new Spent(RULE, 1, 4, TODAY, 37), new Spent(RULE, 2, 4, TODAY, 1));
            assertThat(again.degraded()).isEmpty();
        }
    }

    @Test
    void theLargestCountOfARowStays() throws Exception {
        try (SpendingStore store = open(home, 10)) {
            store.note(List.of(spent(1, 0, 5, 10), spent(1, 0, 5, 30), spent(1, 0, 5, 20)));
        }
        try (SpendingStore store = open(home, 10)) {
            store.note(List.of(spent(1, 0, 5, 25), spent(2, 0, 5, 25)));
        }

        assertThat(reopened(home)).isEqualTo(Map.of(1L, 30L, 2L, 25L));
    }

    @Test
    void rowsOfOtherTransfersAreNotKept() throws Exception {
        try (SpendingStore store = open(home, 10)) {
            store.note(List.of(new TransferRow(RULE, 1, 4, TODAY, 0, 5, 6, 10, 0, NOW), spent(2, 0, 5, 1)));
        }

        assertThat(reopened(home)).isEqualTo(Map.of(2L, 1L));
    }

    @Test
    void aSecondRestartCountsNothingTwice() throws Exception {
        try (SpendingStore first = open(home, 10)) {
            first.note(List.of(spent(1, 0, 5, 100), spent(1, 0, 6, 50)));
        }
        try (SpendingStore second = open(home, 11)) {
            List<TransferRow> past =
                    load(second).stream().map(spent -> spent.past(11)).toList();
            second.note(past);
            second.note(List.of(spent(1, 0, 11, 20)));
        }

        assertThat(reopened(home)).isEqualTo(Map.of(1L, 170L));
    }

    @Test
    void whatAClusterOfOthersDidNotKnowIsNotForgotten() throws Exception {
        try (SpendingStore first = open(home, 10)) {
            first.note(List.of(spent(1, 0, 5, 100), spent(2, 0, 5, 1)));
        }
        try (SpendingStore joiner = open(home, 11)) {
            joiner.note(List.of(spent(1, 0, 8, 20), spent(2, 0, 8, 20)));
        }

        assertThat(reopened(home)).isEqualTo(Map.of(1L, 100L, 2L, 20L));
    }

    @Test
    void nothingIsWrittenBeforeTheClusterIsKnown() throws Exception {
        try (SpendingStore store = SpendingStore.open(home, clock())) {
            store.note(List.of(spent(1, 0, 5, 10)));
            assertThat(tokens(store)).isEmpty();

            store.cluster(10);

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(tokens(store)).isEqualTo(Map.of(1L, 10L)));
        }
    }

    @Test
    void whatIsOverIsNeitherLoadedNorKept() throws Exception {
        AtomicLong now = new AtomicLong(NOW);
        InstantSource clock = () -> Instant.ofEpochMilli(now.get());
        long over = TransferRow.horizon(NOW) + 6;
        try (SpendingStore store = SpendingStore.open(home, clock)) {
            store.cluster(10);
            store.note(List.of(of(over, spent(1, 0, 5, 10)), spent(2, 0, 5, 10)));
            await().atMost(Duration.ofSeconds(20)).until(() -> tokens(store).size() == 2);

            now.addAndGet(Duration.ofHours(2).toMillis());

            assertThat(store.load(now.get()).toCompletableFuture().join()).hasSize(1);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(tokens(store)).isEqualTo(Map.of(2L, 10L)));
        }
    }

    @Test
    void aHundredThousandKeysAreWrittenInBatches() throws Exception {
        try (SpendingStore store = open(home, 10)) {
            store.note(many(100_000));
        }

        assertThat(reopened(home)).hasSize(100_000).containsValue(100_000L);
    }

    @Test
    void anotherFormatIsSetAside() throws Exception {
        try (Env<byte[]> env = Env.create(ByteArrayProxy.PROXY_BA)
                .setMaxDbs(2)
                .setMapSize(1 << 20)
                .open(Files.createDirectories(home.resolve("limits")).toFile())) {
            env.openDbi("sluice", org.lmdbjava.DbiFlags.MDB_CREATE).put("format".getBytes(), "99".getBytes());
        }

        try (SpendingStore store = open(home, 10)) {
            assertThat(load(store)).isEmpty();
            assertThat(store.degraded())
                    .hasValueSatisfying(
                            why -> assertThat(why).contains("format 99 (expected: 1)", "limits.corrupt-" + NOW));
        }
    }

    @Test
    void aCorruptFileIsSetAsideAndTheLastOneOfThemKept() throws Exception {
        Files.createDirectories(home.resolve("limits.corrupt-1/deeper"));
        try (SpendingStore store = open(home, 10)) {
            store.note(many(1_000));
        }
        Files.writeString(home.resolve("limits/data.mdb"), "something else".repeat(10_000));

        try (SpendingStore store = open(home, 11)) {
            assertThat(load(store)).isEmpty();
            store.note(List.of(spent(1, 0, 5, 10)));
            assertThat(store.degraded())
                    .hasValueSatisfying(
                            why -> assertThat(why).contains("no file of LMDB 0.9", "limits.corrupt-" + NOW));
        }

        assertThat(reopened(home)).isEqualTo(Map.of(1L, 10L));
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("limits", "limits.lock", "limits.corrupt-" + NOW);
        }
    }

    @Test
    void aSecondNodeIsRefusedAndWorksWithoutTheDisk() throws Exception {
        try (SpendingStore first = open(home, 10)) {
            assertThat(load(first)).isEmpty();
            try (SpendingStore second = open(home, 11)) {
                second.note(List.of(spent(1, 0, 5, 10)));
                assertThat(load(second)).isEmpty();
                assertThat(second.degraded())
                        .hasValueSatisfying(why -> assertThat(why).contains("another node uses it"));
            }
            assertThat(first.degraded()).isEmpty();
        }

        assertThat(reopened(home)).isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsToldAndTriedAgain() throws Exception {
        AtomicLong now = new AtomicLong(NOW);
        Path taken = home.resolve("file");
        Files.writeString(taken, "no directory");
        try (SpendingStore store = SpendingStore.open(taken, () -> Instant.ofEpochMilli(now.get()))) {
            store.cluster(10);
            store.note(List.of(spent(1, 0, 5, 10)));
            assertThat(load(store)).isEmpty();
            assertThat(store.degraded())
                    .hasValueSatisfying(why -> assertThat(why).contains(taken.toString()));

            Files.delete(taken);
            now.addAndGet(10_000);

            await().atMost(Duration.ofSeconds(20)).until(() -> store.degraded().isEmpty());
            assertThat(tokens(store)).isEqualTo(Map.of(1L, 10L));
        }
    }

    @Test
    void aStoreWithoutRoomSaysSoAndKeepsWhatItHas() throws Exception {
        try (SpendingStore store = SpendingStore.open(new StoreDirectory(home, 64 * 1024), clock())) {
            store.cluster(10);
            store.note(List.of(spent(1, 0, 5, 10)));
            await().atMost(Duration.ofSeconds(20)).until(() -> tokens(store).size() == 1);

            store.note(many(5_000));

            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            store.degraded().filter(why -> why.contains("full")).isPresent());
        }

        assertThat(reopened(home)).isEqualTo(Map.of(1L, 10L));
    }

    @Test
    void closingTwiceIsHarmless() {
        SpendingStore store = open(home, 10);
        store.close();

        store.close();

        assertThat(store.load(NOW)).isCompletedWithValue(List.of());
    }
}
