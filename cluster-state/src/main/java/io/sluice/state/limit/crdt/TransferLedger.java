package io.sluice.state.limit.crdt;

import io.sluice.state.limit.TransferRow;
import io.sluice.state.wire.WireMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.cluster.ddata.AbstractDeltaReplicatedData;
import org.apache.pekko.cluster.ddata.ReplicatedDelta;
import org.jspecify.annotations.Nullable;

/**
 * A part of all transfers between nodes, as Distributed Data replicates it: a bounded-counter CRDT (Balegas et al. 2015) with a
 * horizon. Merging takes the later horizon and of each row the newer version; rows of generations below the horizon are gone. Each
 * of these is a join, and dropping by the joined horizon commutes with joining rows, so merging is commutative, associative and
 * idempotent. A delta is a ledger with a few rows. Immutable.
 *
 * <p>Rows are kept sorted, which makes merging linear and equal ledgers equal bytes. A row is one object, shared with the lanes and
 * with earlier versions of the ledger.
 */
@SuppressWarnings("ReferenceEquality") // the same object is the same row, and that is the usual case
final class TransferLedger extends AbstractDeltaReplicatedData<TransferLedger, TransferLedger>
        implements ReplicatedDelta, WireMessage {

    static final TransferLedger EMPTY = new TransferLedger(0, new TransferRow[0], null);

    private static final Comparator<TransferRow> ORDER = TransferLedger::compare;

    private final long horizon;
    private final TransferRow[] rows;
    private final @Nullable TransferLedger delta;

    private TransferLedger(long horizon, TransferRow[] rows, @Nullable TransferLedger delta) {
        this.horizon = horizon;
        this.rows = rows;
        this.delta = delta;
    }

    /** A ledger of rows in any order; of those for the same transfer the newest counts. */
    static TransferLedger of(long horizon, Collection<TransferRow> rows) {
        TransferRow[] sorted = rows.stream()
                .filter(row -> row.generation() >= horizon)
                .sorted(ORDER)
                .toArray(TransferRow[]::new);
        int size = 0;
        for (TransferRow row : sorted) {
            if (size > 0 && compare(sorted[size - 1], row) == 0) {
                sorted[size - 1] = newer(sorted[size - 1], row);
            } else {
                sorted[size++] = row;
            }
        }
        return new TransferLedger(horizon, Arrays.copyOf(sorted, size), null);
    }

    /** Says which transfer a row is about, not what it says of it. */
    static int compare(TransferRow one, TransferRow other) {
        int order = one.rule().compareTo(other.rule());
        order = order == 0 ? Long.compare(one.hash(), other.hash()) : order;
        order = order == 0 ? Integer.compare(one.slot(), other.slot()) : order;
        order = order == 0 ? Long.compare(one.generation(), other.generation()) : order;
        order = order == 0 ? Integer.compare(one.era(), other.era()) : order;
        order = order == 0 ? Long.compare(one.donor(), other.donor()) : order;
        return order == 0 ? Long.compare(one.recipient(), other.recipient()) : order;
    }

    private static TransferRow newer(TransferRow known, TransferRow other) {
        if (known == other) {
            return known;
        }
        TransferRow merged = known.merge(other);
        return merged.equals(known) ? known : merged;
    }

    long horizon() {
        return horizon;
    }

    /** Sorted. */
    List<TransferRow> rows() {
        return Arrays.asList(rows);
    }

    int size() {
        return rows.length;
    }

    /** Whether a horizon is one that would drop rows. */
    boolean isBehind(long later) {
        for (TransferRow row : rows) {
            if (row.generation() < later) {
                return true;
            }
        }
        return false;
    }

    /** This with more rows, as an update that travels as a delta. */
    TransferLedger with(Collection<TransferRow> more) {
        return changedBy(of(horizon, more));
    }

    /** This without what is over, as an update that travels as a delta. */
    TransferLedger since(long later) {
        return changedBy(new TransferLedger(later, new TransferRow[0], null));
    }

    private TransferLedger changedBy(TransferLedger change) {
        TransferLedger next = mergeData(change);
        return new TransferLedger(next.horizon, next.rows, delta == null ? change : delta.mergeData(change));
    }

    /** What is here and not in an earlier version of the same ledger. */
    List<TransferRow> newerThan(TransferLedger seen) {
        List<TransferRow> fresh = new ArrayList<>();
        int at = 0;
        for (TransferRow row : rows) {
            while (at < seen.rows.length && seen.rows[at] != row && compare(seen.rows[at], row) < 0) {
                at++;
            }
            if (at == seen.rows.length || seen.rows[at] != row && !seen.rows[at].equals(row)) {
                fresh.add(row);
            }
        }
        return fresh;
    }

    @Override
    public TransferLedger mergeData(TransferLedger that) {
        long later = Math.max(horizon, that.horizon);
        TransferRow[] merged = new TransferRow[rows.length + that.rows.length];
        int size = 0;
        int mine = 0;
        int theirs = 0;
        boolean changed = later != horizon;
        while (mine < rows.length || theirs < that.rows.length) {
            int order =
                    mine == rows.length ? 1 : theirs == that.rows.length ? -1 : compare(rows[mine], that.rows[theirs]);
            TransferRow row = order <= 0 ? rows[mine++] : that.rows[theirs++];
            if (order == 0) {
                TransferRow known = row;
                row = newer(known, that.rows[theirs++]);
                changed |= row != known;
            }
            if (row.generation() >= later) {
                changed |= order > 0;
                merged[size++] = row;
            }
        }
        return changed ? new TransferLedger(later, Arrays.copyOf(merged, size), null) : resetDelta();
    }

    @Override
    public Optional<TransferLedger> deltaData() {
        return Optional.ofNullable(delta);
    }

    @Override
    public TransferLedger mergeDeltaData(TransferLedger change) {
        return mergeData(change);
    }

    @Override
    public TransferLedger resetDelta() {
        return delta == null ? this : new TransferLedger(horizon, rows, null);
    }

    @Override
    public TransferLedger zero() {
        return EMPTY;
    }

    /** What is still to be sent does not count. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TransferLedger that && horizon == that.horizon && Arrays.equals(rows, that.rows);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(rows) * 31 + Long.hashCode(horizon);
    }

    @Override
    public String toString() {
        return "transfers since " + horizon + ": " + Arrays.toString(rows);
    }
}
