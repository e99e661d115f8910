package io.sluice.state.limit.crdt;

import java.util.concurrent.atomic.LongAdder;

/** Bytes of what this node's lanes said and heard since the start. Any thread. */
final class LaneBytes {

    /** In batches to other nodes. */
    final LongAdder sent = new LongAdder();

    /** In batches from other nodes. */
    final LongAdder received = new LongAdder();

    /** In ledgers and parts of them to other nodes; what is sent to several at once counts once. */
    final LongAdder replicating = new LongAdder();

    /** In ledgers and parts of them from other nodes. */
    final LongAdder replicated = new LongAdder();
}
