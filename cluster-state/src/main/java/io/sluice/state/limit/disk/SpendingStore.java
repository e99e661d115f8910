package io.sluice.state.limit.disk;

import io.sluice.state.limit.TransferRow;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all nodes have declared to spend of long limits, as this node knows it, on this node's disk. Whoever begins a new cluster
 * starts from it. Any thread.
 *
 * <p>Design note. Rows are noted in memory and written about once a second by a thread of its own, the only one that touches the
 * disk, so a slow or dead disk costs no request anything. Rows only grow, so it does not matter how often or in which order one is
 * written. What goes wrong never gets out of here: the store works without the disk, says so, and tries again; a file that cannot be
 * used is set aside. Cost: of a cluster whose nodes all die at the same moment the last second is lost.
 */
public final class SpendingStore implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SpendingStore.class);

    private static final long CLOSE_SECONDS = 5;

    private final StoreDirectory directory;
    private final Drain drain = new Drain();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "sluice-limits-disk");
        made.setDaemon(true);
        return made;
    });
    private final InstantSource clock;

    private SpendingStore(StoreDirectory directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * Opens the store of a node, on its own thread; never fails, see {@link #durability}.
     *
     * @param home where the node keeps all that is durable; made if it is missing
     * @param clock says when windows are over
     */
    public static SpendingStore open(Path home, InstantSource clock) {
        return open(new StoreDirectory(home, SpendingFile.MOST_BYTES), clock);
    }

    static SpendingStore open(StoreDirectory directory, InstantSource clock) {
        SpendingStore store = new SpendingStore(directory, clock);
        ScheduledFuture<?> unused = store.thread.scheduleWithFixedDelay(store::turn, 0, 1, TimeUnit.SECONDS);
        return store;
    }

    /** Which cluster the rows are of: any number that no other cluster has; only the first call counts. Until then nothing is written. */
    public void cluster(long id) {
        drain.cluster(id);
    }

    /** Takes note of those rows that tell what is or was spent. Does not block. */
    public void note(Collection<TransferRow> rows) {
        for (TransferRow row : rows) {
            if (row.recipient() == TransferRow.SPENT || row.recipient() == TransferRow.PAST) {
                drain.note(row);
            }
        }
    }

    /**
     * What had been spent when the store was opened and since, of windows that are not over; nothing if the disk cannot be read.
     *
     * @param now milliseconds since the epoch
     */
    public CompletionStage<List<Spent>> load(long now) {
        long horizon = TransferRow.horizon(now);
        try {
            return CompletableFuture.supplyAsync(
                    () -> directory
                            .tried(clock.millis(), file -> file.load(horizon))
                            .orElseGet(List::of),
                    thread);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(List.of());
        }
    }

    /** Whether all is well with the disk. */
    public Durability durability() {
        return new Durability(true, degraded());
    }

    /** Why not all that is spent is on disk; empty if it is, or will be in a second. */
    public Optional<String> degraded() {
        return directory.trouble();
    }

    private void turn() {
        try {
            long now = clock.millis();
            directory.tried(now, drain::write);
            directory.forget(now);
            drain.forget(TransferRow.horizon(now));
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a bug: what limits have spent is not written to disk");
        }
    }

    /** Writes what is noted and ends the thread; waits some seconds at most. */
    @Override
    public void close() {
        if (thread.isShutdown()) {
            return;
        }
        thread.execute(this::turn);
        thread.execute(directory::close);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("the disk is so slow that the last of what limits have spent may be missing on it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
