package io.sluice.node.plugin;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** The request as the client sent it. Not to be used after the exchange's log phase. */
public interface ClientRequest {

    HeaderName CONTENT_TYPE = HeaderName.of("Content-Type");

    /** The method, case kept. */
    String method();

    /** What of the first line of a request arrived whose head was refused, cut if it is long; empty if the head was read. */
    default Optional<String> refusedLine() {
        return Optional.empty();
    }

    /** The path after normalisation: what routing, plugins and the upstream see. */
    String path();

    /** The request target as sent, with its query. */
    String rawTarget();

    /** The query as sent, without the question mark; empty if there is none or nothing behind the mark. */
    String rawQuery();

    /** The decoded values of a query argument in order; a name without {@code =} has the value "". */
    List<String> queryValues(String name);

    /** {@code 1.0}, {@code 1.1} or {@code 2}. */
    String httpVersion();

    /** {@code http} or {@code https}, of the connection or (trusted peers) of X-Forwarded-Proto. */
    String scheme();

    /** The host asked for, lower-case, without port. */
    String host();

    /** The port asked for or, without one, the listener's (after port maps). */
    int port();

    /** The client's address after real-ip processing. */
    InetAddress clientAddress();

    /** The text form of {@link #clientAddress()}, made once per connection. */
    String clientIp();

    /** The address at the other end of the connection, or whom that forwards for by the PROXY protocol. */
    InetAddress peerAddress();

    /** The port of {@link #peerAddress()}. */
    int peerPort();

    /** The server name of the TLS handshake; empty without TLS. */
    Optional<String> sni();

    /**
     * The certificates that the client showed in the TLS handshake, its own first; it has proved to have the key of that one,
     * nothing else is verified. Empty if it showed none. The same list for all requests of a connection.
     */
    default List<X509Certificate> clientCertificates() {
        return List.of();
    }

    Headers headers();

    /** Whether the client speaks gRPC, by its Content-Type; it then understands a gRPC status and no other body. */
    default boolean grpc() {
        return headers().first(CONTENT_TYPE).orElse("").startsWith("application/grpc");
    }

    /** The announced body length; 0 without a body, empty if unknown (chunked). */
    OptionalLong contentLength();

    /** Bytes of the request received so far, head included. */
    long size();

    /**
     * Reads the whole body before anything is sent upstream; use it through {@link Verdict.Later}. Completes on the
     * exchange's event loop, at once if there is no body, and may be asked more than once.
     *
     * @param limit the most bytes to keep; more fails the stage with {@link BodyTooLargeException}
     */
    CompletionStage<ByteString> body(long limit);
}
