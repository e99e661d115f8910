package io.sluice.state.limit;

import java.util.Arrays;

/**
 * What other nodes have said they use of a key, by slot: for what clients are told, never for what is decided. Immutable.
 *
 * @param windows the window's start by slot, 0 for nothing known
 * @param nodes who said something, by slot
 * @param used how much each of them, by slot
 */
@SuppressWarnings("ArrayRecordComponent") // never leaves, compared by nobody
record Elsewhere(long[] windows, long[][] nodes, long[][] used) {

    private static final int SLOTS = TransferRow.CONCURRENT + 1;

    static final Elsewhere NOTHING = new Elsewhere(new long[SLOTS], new long[SLOTS][0], new long[SLOTS][0]);

    @SuppressWarnings("ReferenceEquality") // one object for all keys that nobody talked about
    boolean isNothing() {
        return this == NOTHING;
    }

    /** With what one more node said; older windows are forgotten, and what is said twice counts once. */
    Elsewhere with(int slot, long window, long node, long use) {
        if (window < windows[slot]) {
            return this;
        }
        boolean same = window == windows[slot];
        long[] known = same ? nodes[slot] : new long[0];
        long[] counts = same ? used[slot] : new long[0];
        int at = 0;
        while (at < known.length && known[at] != node) {
            at++;
        }
        long[] nextNodes = Arrays.copyOf(known, Math.max(known.length, at + 1));
        long[] nextUsed = Arrays.copyOf(counts, nextNodes.length);
        nextNodes[at] = node;
        nextUsed[at] = Math.max(nextUsed[at], use);
        long[] nextWindows = windows.clone();
        long[][] allNodes = nodes.clone();
        long[][] allUsed = used.clone();
        nextWindows[slot] = window;
        allNodes[slot] = nextNodes;
        allUsed[slot] = nextUsed;
        return new Elsewhere(nextWindows, allNodes, allUsed);
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
        long sum = sum(slot, window);
        if (other.windows[slot] == window) {
            for (int i = 0; i < other.nodes[slot].length; i++) {
                sum += Math.max(0, other.used[slot][i] - of(slot, window, other.nodes[slot][i]));
            }
        }
        return sum;
    }

    private long of(int slot, long window, long node) {
        for (int i = 0; i < nodes[slot].length && windows[slot] == window; i++) {
            if (nodes[slot][i] == node) {
                return used[slot][i];
            }
        }
        return 0;
    }

    /** How much all of them use in the window that begins at this time. */
    long sum(int slot, long window) {
        if (windows[slot] != window) {
            return 0;
        }
        long sum = 0;
        for (long one : used[slot]) {
            sum += one;
        }
        return sum;
    }
}
