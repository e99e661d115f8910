package io.sluice.state.limit.disk;

import io.sluice.state.limit.TransferRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums up entries in the order of their keys. Within a cluster every token is declared once: the counts of all nodes and eras add
 * up, together with what was spent before that cluster began. Two clusters' sums may tell of the same tokens, since the later one
 * began with what its founder knew of the one before: the larger sum counts.
 */
final class Sums {

    private final List<Spent> done = new ArrayList<>();
    private @Nullable Entry last;
    private long sum;
    private long largest;

    void add(Entry entry) {
        Entry before = last;
        if (before != null && !sameWindow(before.row(), entry.row())) {
            finish(before.row());
        } else if (before != null && before.cluster() != entry.cluster()) {
            largest = Math.max(largest, sum);
            sum = 0;
        }
        last = entry;
        sum += entry.row().free();
    }

    /** To be called once, after all. */
    List<Spent> all() {
        Entry before = last;
        if (before != null) {
            finish(before.row());
        }
        return done;
    }

    private void finish(TransferRow row) {
        long tokens = Math.max(largest, sum);
        if (tokens > 0) {
            done.add(new Spent(row.rule(), row.hash(), row.slot(), row.generation(), tokens));
        }
        sum = 0;
        largest = 0;
    }

    private static boolean sameWindow(TransferRow one, TransferRow other) {
        return one.generation() == other.generation()
                && one.hash() == other.hash()
                && one.slot() == other.slot()
                && one.rule().equals(other.rule());
    }
}
