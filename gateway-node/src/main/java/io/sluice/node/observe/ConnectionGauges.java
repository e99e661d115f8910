package io.sluice.node.observe;

import java.util.List;

/** What the listeners know about client connections, in the words of nginx's stub status. Thread-safe; a little behind is fine. */
public interface ConnectionGauges {

    /** Connections taken since the start. */
    long accepted();

    /** Connections taken and served since the start; {@link #accepted()} unless a limit closed some at once. */
    long handled();

    /** Requests since the start. */
    long requests();

    /** Connections open now, waiting ones included. */
    long active();

    /** Connections on which a request head is being read. */
    long reading();

    /** Connections on which a request is being served. */
    long writing();

    /** Connections kept open between requests. */
    long waiting();

    /** WebSockets open now. */
    default long webSockets() {
        return 0;
    }

    /** Bytes from clients through WebSockets since the start. */
    default long webSocketBytesIn() {
        return 0;
    }

    /** Bytes to clients through WebSockets since the start. */
    default long webSocketBytesOut() {
        return 0;
    }

    /** Connections closed because they did not begin with the PROXY protocol where that is spoken. */
    default long prefacesRefused() {
        return 0;
    }

    /** By event loop, the longest it did not look at its sockets since the start, in nanoseconds; empty if there are none. */
    default List<Long> longestRounds() {
        return List.of();
    }
}
