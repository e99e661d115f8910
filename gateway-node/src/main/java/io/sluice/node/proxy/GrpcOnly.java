package io.sluice.node.proxy;

import io.sluice.node.http.KnownField;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Protocol;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an HTTP/1 request gets on a route that is for gRPC, which needs HTTP/2 (kong-2, section 2.4). */
final class GrpcOnly {

    private GrpcOnly() {}

    /** The answer; null if the route is not for gRPC. */
    static Verdict.@Nullable Answer answer(ProxyExchange exchange) {
        Set<Protocol> protocols = exchange.match().route().protocols();
        if (!protocols.contains(Protocol.GRPC) && !protocols.contains(Protocol.GRPCS)) {
            return null;
        }
        return exchange.client().grpc() ? upgrade(exchange) : Verdict.error(415, "Non-gRPC request matched gRPC route");
    }

    /** With a body whatever the Content-Type: who speaks HTTP/1 does not wait for a gRPC status. */
    private static Verdict.Answer upgrade(ProxyExchange exchange) {
        var accept = exchange.client().head().fields().first(KnownField.ACCEPT.headerName());
        ErrorBody body = ErrorBody.of("Please use HTTP2 protocol", exchange.id(), accept, "application/json");
        return Verdict.exit(426, body.contentType(), body.bytes()).header("Upgrade", "HTTP/2");
    }
}
