package io.sluice.state.limit.disk;

import io.sluice.state.limit.TransferRow;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A store on a directory, with a clock that stands at the begin of a day. */
final class StoreFixture {

    static final long NOW = 1_790_035_200_000L;
    static final UUID RULE = new UUID(4, 2);
    /** Of windows that end at the end of the day. */
    static final long TODAY = TransferRow.horizon(NOW + 86_400_000);

    private StoreFixture() {}

    static InstantSource clock() {
        return InstantSource.fixed(Instant.ofEpochMilli(NOW));
    }

    static SpendingStore open(Path home, long cluster) {
        SpendingStore store = SpendingStore.open(home, clock());
        store.cluster(cluster);
        return store;
    }

    static TransferRow spent(long hash, int era, long donor, long tokens) {
        return new TransferRow(RULE, hash, 4, TODAY, era, donor, TransferRow.SPENT, tokens, 0, NOW);
    }

    static TransferRow of(long generation, TransferRow row) {
        return new TransferRow(
                row.rule(),
                row.hash(),
                row.slot(),
                generation,
                row.era(),
                row.donor(),
                row.recipient(),
                row.free(),
                row.locked(),
                row.notBefore());
    }

    static List<Spent> load(SpendingStore store) throws Exception {
        return store.load(NOW).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Tokens by key. */
    static Map<Long, Long> tokens(SpendingStore store) throws Exception {
        return load(store).stream().collect(Collectors.toMap(Spent::hash, Spent::tokens));
    }

    /** Tokens by key in the store of a node that is started anew. */
    static Map<Long, Long> reopened(Path home) throws Exception {
        try (SpendingStore store = SpendingStore.open(home, clock())) {
            return tokens(store);
        }
    }

    static List<TransferRow> many(int count) {
        List<TransferRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(spent(i * 0x9E3779B97F4A7C15L, 0, 77, i + 1));
        }
        return rows;
    }
}
