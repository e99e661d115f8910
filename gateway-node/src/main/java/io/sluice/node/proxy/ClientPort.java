package io.sluice.node.proxy;

import io.sluice.node.plugin.Verdict;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a {@link RequestCycle}: a whole connection, or one stream of an HTTP/2 connection. What is gathered in the
 * loop's buffers while the cycle is at work goes out when it is done.
 */
interface ClientPort {

    /** The upstream's connection is ready. */
    void upstreamReady(int operations);

    /** The deadline has passed. */
    void deadlinePassed();

    /** A parked exchange can go on; any thread. */
    void resumeLater(int parking, @Nullable Verdict verdict, @Nullable Throwable failure);

    /** Whether no bytes of the client wait. */
    boolean inboxEmpty();

    /** Whether the client has said that it sends no more. */
    boolean inputEnded();

    /** Whether nothing more will come and nothing waits: no further request can be served. */
    boolean inputExhausted();

    /** Whether bytes for the client can be sent at once. */
    boolean clientReady();

    /** Sends a buffer of the loop as it is if that is possible, else behind what was gathered. */
    void push(ByteBuffer bytes);

    /** Counts what was gathered for the current exchange. */
    void account();

    /** How much of bodies its connection may hold. */
    BodyBudget bodies();

    /** Ends in order. */
    void finish();

    /** Ends so that the client must not take what it got for whole. */
    void reset();
}
