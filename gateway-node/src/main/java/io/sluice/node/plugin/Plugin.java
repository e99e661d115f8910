package io.sluice.node.plugin;

import java.util.Optional;

/**
 * A configured plugin. All methods are called on the event loop of the exchange's client connection, for many exchanges and
 * from several loops at a time: an instance keeps no state of an exchange (see {@link Exchange#attach}) and shares other
 * state safely between threads. They must not block; what takes time answers {@link Verdict.Later}. A method that throws
 * ends the exchange with status 500 and nothing else; a body filter that throws ends the response unfinished.
 */
public interface Plugin {

    /** Before routing; {@link Exchange#route()} must not be asked. */
    default Verdict rewrite(Exchange exchange) {
        return Verdict.CONTINUE;
    }

    /** After routing. */
    default Verdict access(Exchange exchange) {
        return Verdict.CONTINUE;
    }

    /** The response head is known; may change status and headers. Runs for the gateway's own answers as well. */
    default void responseHead(Exchange exchange) {}

    /** Called after {@link #responseHead}, before the head is sent; a filter makes the body pass through it if there is one. */
    default Optional<BodyFilter> responseBody(Exchange exchange) {
        return Optional.empty();
    }

    /** After the last byte, also if the client has gone. Changes nothing any more. */
    default void log(Exchange exchange) {}
}
