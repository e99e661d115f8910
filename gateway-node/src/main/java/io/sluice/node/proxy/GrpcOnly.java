package io.sluice.node.proxy;

import io.sluice.node.http.KnownField;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Protocol;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request that is no gRPC, or not over HTTP/2, gets on a route that is for gRPC (kong-2, section 2.4). */
final class GrpcOnly {

    private GrpcOnly() {}

    /** The answer; null if the route is not for gRPC, or the request is what it wants. */
    static Verdict.@Nullable Answer answer(ProxyExchange exchange) {
        Set<Protocol> protocols = exchange.match().route().protocols();
        if (!protocols.contains(Protocol.GRPC) && !protocols.contains(Protocol.GRPCS)) {
            return null;
        }
        if (!exchange.client().grpc()) {
            return Verdict.error(415, "Non-gRPC request matched gRPC route");
        }
        if (!exchange.client().peer().http2()) {
            return upgrade(exchange);
        }
        boolean secureOnly = !protocols.contains(Protocol.GRPC);
        return secureOnly && !exchange.client().scheme().equals("https") ? insecure() : null;
    }

    private static Verdict.Answer insecure() {
        return Verdict.empty(200)
                .header("Content-Type", "application/grpc")
                .header("grpc-status", "1")
                .header("grpc-message", "gRPC request matched gRPCs route");
    }

    /** With a body whatever the Content-Type: who speaks HTTP/1 does not wait for a gRPC status. */
    private static Verdict.Answer upgrade(ProxyExchange exchange) {
        var accept = exchange.client().head().fields().first(KnownField.ACCEPT.headerName());
        ErrorBody body = ErrorBody.of("Please use HTTP2 protocol", exchange.id(), accept, "application/json");
        return Verdict.exit(426, body.contentType(), body.bytes()).header("Upgrade", "HTTP/2");
    }
}
