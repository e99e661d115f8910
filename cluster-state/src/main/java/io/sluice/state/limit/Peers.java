package io.sluice.state.limit;

/** The way out of a {@link TokenLane}. Called by the lane's thread only; must not block. */
public interface Peers {

    /** Sends a message to a member, perhaps never to arrive. */
    void send(long member, PoolMessage message);

    /** A row that this node writes has grown: to be replicated to all members in a second or so. */
    void changed(TransferRow row);
}
