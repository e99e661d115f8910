package io.sluice.node.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** What a plugin decides about an exchange. */
public sealed interface Verdict {

    /** Go on with the next plugin. */
    Verdict CONTINUE = new Continue();

    /** Ends the exchange with an error in the form the client accepts, carrying message and request id. */
    static Answer error(int status, String message) {
        return new Answer(status, List.of(), new Answer.Negotiated(message));
    }

    /** Ends the exchange with exactly these bytes. */
    static Answer exit(int status, String contentType, ByteString body) {
        return new Answer(status, List.of(), new Answer.Exact(contentType, body));
    }

    /** Ends the exchange with this JSON text and nothing added to it. Not for gRPC, see {@link ClientRequest#grpc}. */
    static Answer json(int status, String text) {
        return exit(status, "application/json; charset=utf-8", ByteString.fromString(text));
    }

    /** Ends the exchange with an empty body. */
    static Answer empty(int status) {
        return new Answer(status, List.of(), new Answer.Empty());
    }

    /** Go on. */
    record Continue() implements Verdict {}

    /**
     * End here: later plugins see only the response phases.
     *
     * @param status 200 to 599
     * @param headers added to the response, in order
     */
    record Answer(int status, List<Header> headers, Body body) implements Verdict {

        /** The same answer with one more header. */
        public Answer header(String name, String value) {
            List<Header> more = new ArrayList<>(headers);
            more.add(new Header(HeaderName.of(name), value));
            return new Answer(status, List.copyOf(more), body);
        }

        /** The forms of an answer's body. */
        public sealed interface Body {}

        /** Message and request id as JSON, HTML, XML or plain text by the request's Accept header; gRPC status for gRPC. */
        public record Negotiated(String message) implements Body {}

        /** Exactly these bytes; without Content-Type if it is empty. */
        public record Exact(String contentType, ByteString bytes) implements Body {}

        /** Nothing. */
        public record Empty() implements Body {}
    }

    /**
     * Not known yet; the exchange is parked until the stage completes (on any thread). A failed stage is status 500. So is one
     * that has not completed after {@link #LIMIT}, not counting the time that the client takes to send a body which the plugin
     * asked for; what it completes with later is ignored, and the client's connection ends.
     */
    record Later(CompletionStage<Verdict> verdict) implements Verdict {

        /** How long an exchange waits for one verdict; a verdict put off again is a new one. */
        public static final Duration LIMIT = Duration.ofSeconds(60);
    }
}
