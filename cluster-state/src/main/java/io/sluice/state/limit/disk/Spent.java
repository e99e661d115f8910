package io.sluice.state.limit.disk;

import io.sluice.state.limit.TransferRow;
import java.util.UUID;

/**
 * What all nodes together have declared to spend in one window of a key.
 *
 * @param rule whose key it is
 * @param hash the key
 * @param slot which of the key's limits
 * @param generation which window, see {@link TransferRow#generation}
 * @param tokens at least 1
 */
public record Spent(UUID rule, long hash, int slot, long generation, long tokens) {

    /** More is not believed; no limit is near it. */
    private static final long MOST = 1L << 50;

    /** The row by which the node that begins a new cluster tells all others. */
    public TransferRow past(long founder) {
        return new TransferRow(
                rule, hash, slot, generation, 0, founder, TransferRow.PAST, Math.min(tokens, MOST), 0, 0);
    }
}
