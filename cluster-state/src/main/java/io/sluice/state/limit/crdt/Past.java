package io.sluice.state.limit.crdt;

import io.sluice.state.limit.Era;
import io.sluice.state.limit.Estates;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.limit.disk.Durability;
import io.sluice.state.limit.disk.SpendingStore;
import io.sluice.state.limit.disk.Spent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What outlives a cluster: what its nodes spend of long limits goes to a store, if this node has one, and comes back when this node
 * begins a new cluster. Any thread.
 */
final class Past implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Past.class);

    /** Who begins a cluster waits no longer for its disk: before the others conclude that nobody says who owns what. */
    private static final long PATIENCE_SECONDS = 5;

    private final Optional<SpendingStore> store;

    Past(Optional<SpendingStore> store) {
        this.store = store;
    }

    /** Rows that some node has written. */
    void note(List<TransferRow> rows) {
        store.ifPresent(kept -> kept.note(rows));
    }

    /** Tells clusters apart by the node that began them, since a restarted node is another one; the first word counts. */
    void cluster(Estates estates) {
        List<Era> eras = estates.eras();
        if (!eras.isEmpty() && eras.get(0).number() == 0) {
            cluster(eras.get(0).members()[0]);
        }
    }

    /** The same by any number that no other cluster has. */
    void cluster(long id) {
        store.ifPresent(kept -> kept.cluster(id));
    }

    /** What was spent before, as rows of the node that begins a cluster now; done at once if there is no store. */
    CompletionStage<List<TransferRow>> rows(long founder, long now) {
        return store.map(kept -> kept.load(now)
                        .toCompletableFuture()
                        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .exceptionally(Past::nothing)
                        .thenApply(all -> rows(all, founder)))
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    }

    private static List<Spent> nothing(Throwable failure) {
        log.warn("a new cluster begins without what was spent of long limits before: {}", failure.toString());
        return List.of();
    }

    private static List<TransferRow> rows(List<Spent> all, long founder) {
        if (!all.isEmpty()) {
            log.atInfo().addKeyValue("windows", all.size()).log("a new cluster begins with what was spent before");
        }
        return all.stream().map(one -> one.past(founder)).toList();
    }

    /** Whether what is spent outlives the cluster. */
    Durability durability() {
        return store.map(SpendingStore::durability).orElse(Durability.MEMORY_ONLY);
    }

    /** Writes what is left. */
    @Override
    public void close() {
        store.ifPresent(SpendingStore::close);
    }
}
