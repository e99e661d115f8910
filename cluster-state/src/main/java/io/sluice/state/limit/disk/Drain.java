package io.sluice.state.limit.disk;

import io.sluice.state.limit.TransferRow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Rows that are to be written. Noted by any thread, written by one. */
final class Drain {

    private static final int MOST_PER_WRITE = 20_000;

    /** While nothing can be written no more are remembered: some hundred megabytes. */
    private static final int MOST_NOTED = 1_000_000;

    private final ConcurrentHashMap<TransferRow, TransferRow> noted = new ConcurrentHashMap<>();
    private volatile OptionalLong cluster = OptionalLong.empty();

    synchronized void cluster(long id) {
        if (cluster.isEmpty()) {
            cluster = OptionalLong.of(id);
        }
    }

    void note(TransferRow row) {
        TransferRow place = place(row);
        if (noted.mappingCount() < MOST_NOTED || noted.containsKey(place)) {
            noted.merge(place, row, TransferRow::merge);
        }
    }

    /** All of the row that does not change. */
    private static TransferRow place(TransferRow row) {
        return new TransferRow(
                row.rule(), row.hash(), row.slot(), row.generation(), row.era(), row.donor(), row.recipient(), 0, 0, 0);
    }

    /** Writes all that is noted; what could not be written stays noted. The answer is how many were. */
    Integer write(SpendingFile file) throws UnsoundFile {
        OptionalLong known = cluster;
        int written = 0;
        while (known.isPresent() && !noted.isEmpty()) {
            List<TransferRow> batch = new ArrayList<>();
            for (Iterator<TransferRow> all = noted.values().iterator();
                    all.hasNext() && batch.size() < MOST_PER_WRITE; ) {
                batch.add(all.next());
            }
            file.write(
                    batch.stream().map(row -> new Entry(known.getAsLong(), row)).toList());
            // A row that has grown meanwhile stays.
            batch.forEach(row -> noted.remove(place(row), row));
            written += batch.size();
        }
        return written;
    }

    /** Drops rows of windows that are over. */
    void forget(long horizon) {
        noted.keySet().removeIf(place -> place.generation() < horizon);
    }
}
