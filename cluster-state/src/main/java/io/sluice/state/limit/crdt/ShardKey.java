package io.sluice.state.limit.crdt;

import io.sluice.state.limit.TransferRow;
import java.util.stream.IntStream;
import org.apache.pekko.cluster.ddata.Key;

/**
 * The keys that ledgers are replicated under. Their number is fixed: Distributed Data pays for keys, not for what is in them, and
 * never forgets one.
 */
final class ShardKey extends Key<TransferLedger> {

    /** The same on all nodes, of all versions. */
    static final int COUNT = 256;

    private static final ShardKey[] ALL =
            IntStream.range(0, COUNT).mapToObj(ShardKey::new).toArray(ShardKey[]::new);

    private final int shard;

    private ShardKey(int shard) {
        super("limits-" + shard);
        this.shard = shard;
    }

    static ShardKey of(int shard) {
        return ALL[shard];
    }

    /** Which one a row belongs to. */
    static int of(TransferRow row) {
        return (int) (row.hash() >>> 56);
    }

    int shard() {
        return shard;
    }
}
