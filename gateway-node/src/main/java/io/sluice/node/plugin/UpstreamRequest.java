package io.sluice.node.plugin;

import org.apache.pekko.util.ByteString;

/** The request as it will be sent to the upstream; may be changed until the end of the access phase. */
public interface UpstreamRequest {

    String method();

    /** Replaces the method: @throws IllegalArgumentException if it is no token. */
    void method(String method);

    /** The path that will be sent: service path and the rest of the request's path joined, percent-encoded where needed. */
    String path();

    /** Replaces the whole path; characters not allowed in a path are percent-encoded. */
    void path(String path);

    /** A client's value, one char per byte, escaped so that it stays part of a path: it ends no path and begins no query. */
    String pathValue(String octets);

    /** How many segments of a path some reader may take for dot segments, also in the forms that are refused to clients. */
    int dotSegments(String path);

    /** The query without question mark; empty for none. */
    String query();

    /** Replaces the query; characters not allowed in a query are percent-encoded, those above 255 as UTF-8. */
    void query(String query);

    /** The client's headers with the changes made so far; forwarding headers of the gateway are added when it is sent. */
    MutableHeaders headers();

    /** Sets the Host header sent upstream, whatever the route and the upstream say: @throws IllegalArgumentException if it is none. */
    void host(String host);

    /** Replaces the body; Content-Length follows. */
    void body(ByteString body);

    /** Asks for the body to be counted while it streams: beyond the limit the exchange ends with this answer. */
    void limitBody(long bytes, Verdict.Answer tooLarge);
}
