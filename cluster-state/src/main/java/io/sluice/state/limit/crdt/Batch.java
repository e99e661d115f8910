package io.sluice.state.limit.crdt;

import io.sluice.state.limit.PoolMessage;
import io.sluice.state.wire.WireMessage;
import java.util.List;

/**
 * What one node has to say to another about tokens, collected for about a millisecond.
 *
 * @param sender id of the node that sent it, 0 in a batch that has not been sent yet
 */
record Batch(long sender, List<PoolMessage> messages) implements WireMessage {

    Batch {
        messages = List.copyOf(messages);
    }
}
