package io.sluice.state.limit;

import java.util.concurrent.atomic.LongAdder;

/** What the limiters that are shared between nodes have done since this node started. Any thread. */
public final class LaneCounters {

    final LongAdder admitted = new LongAdder();
    final LongAdder denied = new LongAdder();
    final LongAdder parked = new LongAdder();
    final LongAdder overdrawn = new LongAdder();
    final LongAdder decided = new LongAdder();
    final LongAdder given = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder owed = new LongAdder();
    final LongAdder crowded = new LongAdder();

    /** Requests that this node admitted, for itself or as the home of a key with few tokens for another node. */
    public long admitted() {
        return admitted.sum();
    }

    /** Requests that this node refused, counted in the same way. */
    public long denied() {
        return denied.sum();
    }

    /** Requests that waited for other nodes' answer. */
    public long parked() {
        return parked.sum();
    }

    /** Tokens of others that this node used without having them, also those it has paid back since. */
    public long overdrawn() {
        return overdrawn.sum();
    }

    /** Tokens of others that this node has used and not paid back, as of the last second or two. */
    public long owed() {
        return owed.sum();
    }

    /** Requests that this node decided for other nodes. */
    public long decided() {
        return decided.sum();
    }

    /** Transfers of tokens to other nodes. */
    public long given() {
        return given.sum();
    }

    /** Transfers of tokens from other nodes. */
    public long received() {
        return received.sum();
    }

    /** Messages to other nodes. */
    public long sent() {
        return sent.sum();
    }

    /** How often tokens were not moved, or not declared, because rows of too many keys are remembered. */
    public long crowded() {
        return crowded.sum();
    }
}
