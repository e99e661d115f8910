package io.sluice.state.limit;

import java.util.Arrays;

/**
 * What other nodes have said they use of a key, by slot: for what clients are told, never for what is decided. Immutable.
 *
 * @param nodes who said something, by slot
 * @param times of which window, by its start, or when if windows slide or flow; by slot, for each of them
 * @param used how much, by slot, for each of them
 */
@SuppressWarnings("ArrayRecordComponent") // never leaves, compared by nobody
record Elsewhere(long[][] nodes, long[][] times, long[][] used) {

    private static final int SLOTS = TransferRow.CONCURRENT + 1;

    static final Elsewhere NOTHING = new Elsewhere(new long[SLOTS][0], new long[SLOTS][0], new long[SLOTS][0]);

    /** A report that slides out is told for so much longer than it may be true, as the next one may be under way. */
    static final long LATE_MILLIS = 1_500;

    @SuppressWarnings("ReferenceEquality") // one object for all keys that nobody talked about
    boolean isNothing() {
        return this == NOTHING;
    }

    /** With what one more node said of a calendar window; older windows are forgotten, and what is said twice counts once. */
    Elsewhere with(int slot, long window, long node, long use) {
        for (long known : times[slot]) {
            if (known > window) {
                return this;
            }
        }
        return with(slot, window, node, Math.max(use, of(slot, window, node)), window);
    }

    /** With what one more node said of a window that moves with the time; the newest of each node counts, older ones are forgotten. */
    Elsewhere with(int slot, long time, long node, long use, long horizon) {
        int known = nodes[slot].length;
        long[] nextNodes = new long[known + 1];
        long[] nextTimes = new long[known + 1];
        long[] nextUsed = new long[known + 1];
        int size = 0;
        for (int i = 0; i < known; i++) {
            if (nodes[slot][i] == node && times[slot][i] > time) {
                return this;
            }
            if (nodes[slot][i] != node && times[slot][i] >= horizon) {
                nextNodes[size] = nodes[slot][i];
                nextTimes[size] = times[slot][i];
                nextUsed[size++] = used[slot][i];
            }
        }
        nextNodes[size] = node;
        nextTimes[size] = time;
        nextUsed[size++] = use;
        return new Elsewhere(
                replaced(nodes, slot, Arrays.copyOf(nextNodes, size)),
                replaced(times, slot, Arrays.copyOf(nextTimes, size)),
                replaced(used, slot, Arrays.copyOf(nextUsed, size)));
    }

    private static long[][] replaced(long[][] all, int slot, long[] one) {
        long[][] next = all.clone();
        next[slot] = one;
        return next;
    }

    /** What rows of a key say about the windows of a time: spent before this cluster began, or declared by other nodes. */
    static Elsewhere remembered(KeyLedger ledger, Limits limits, long self, long now) {
        Elsewhere all = NOTHING;
        for (TransferRow row : ledger.rows()) {
            int position = ClaimsRule.position(limits, row.slot());
            boolean past = row.recipient() == TransferRow.PAST;
            boolean theirs = row.recipient() == TransferRow.SPENT && row.donor() != self;
            if (position >= 0 && (past || theirs)) {
                Period period = limits.periods().get(position);
                if (row.generation() == Generation.of(WindowType.FIXED, period, now)) {
                    long window = ClaimsRule.windowStart(period, now);
                    all = all.with(row.slot(), window, past ? TransferRow.PAST : row.donor(), row.free());
                }
            }
        }
        return all;
    }

    /** How much all of them use, by what either knows, in the window that begins at this time. */
    long sum(int slot, long window, Elsewhere other) {
        long sum = 0;
        for (int i = 0; i < nodes[slot].length; i++) {
            sum += times[slot][i] == window ? used[slot][i] : 0;
        }
        for (int i = 0; i < other.nodes[slot].length; i++) {
            if (other.times[slot][i] == window) {
                sum += Math.max(0, other.used[slot][i] - of(slot, window, other.nodes[slot][i]));
            }
        }
        return sum;
    }

    private long of(int slot, long window, long node) {
        for (int i = 0; i < nodes[slot].length; i++) {
            if (nodes[slot][i] == node && times[slot][i] == window) {
                return used[slot][i];
            }
        }
        return 0;
    }

    /** How much all of them still use of a period that slides, or flows back evenly, as far as can be known from the last that they said. */
    long sum(int slot, long millis, boolean flows, long now) {
        long sum = 0;
        for (int i = 0; i < nodes[slot].length; i++) {
            long ago = now - times[slot][i];
            if (flows) {
                sum += (long) (used[slot][i] * Math.min(1, Math.max(0, 1 - (double) ago / millis)));
            } else {
                sum += ago < millis + LATE_MILLIS ? used[slot][i] : 0;
            }
        }
        return sum;
    }
}
