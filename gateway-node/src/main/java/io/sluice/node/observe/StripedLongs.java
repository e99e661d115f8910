package io.sluice.node.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A row of counters that many event loops add to: each thread has its own copy of the row (as far as there are stripes), made
 * when it first adds, and readers sum them. Thread-safe.
 */
final class StripedLongs {

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int STRIPES = stripes(Runtime.getRuntime().availableProcessors());

    private final AtomicReferenceArray<long[]> rows = new AtomicReferenceArray<>(STRIPES);
    private final int size;

    StripedLongs(int size) {
        this.size = size;
    }

    /** This thread's copy, for {@link #add(long[], int, long)}. */
    long[] row() {
        int stripe = (int) Thread.currentThread().getId() & STRIPES - 1;
        long[] row = rows.get(stripe);
        if (row == null) {
            row = new long[size];
            row = rows.compareAndSet(stripe, null, row) ? row : rows.get(stripe);
        }
        return row;
    }

    static void add(long[] row, int index, long delta) {
        LONGS.getAndAdd(row, index, delta);
    }

    void add(int index, long delta) {
        add(row(), index, delta);
    }

    long sum(int index) {
        long sum = 0;
        for (int i = 0; i < STRIPES; i++) {
            long[] row = rows.get(i);
            sum += row == null ? 0 : (long) LONGS.getVolatile(row, index);
        }
        return sum;
    }

    private static int stripes(int processors) {
        return Integer.highestOneBit(Math.min(16, Math.max(1, 2 * processors - 1)));
    }
}
