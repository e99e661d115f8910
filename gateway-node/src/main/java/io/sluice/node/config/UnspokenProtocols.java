package io.sluice.node.config;

import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Service;
import java.util.List;
import java.util.Set;

/** Finds the services whose protocol is not spoken to upstreams: their requests are answered 502. */
final class UnspokenProtocols {

    private static final Set<Protocol> SPOKEN =
            Set.of(Protocol.HTTP, Protocol.HTTPS, Protocol.WS, Protocol.WSS, Protocol.GRPC, Protocol.GRPCS);

    private UnspokenProtocols() {}

    static List<Problem> of(GatewayConfig config) {
        return config.services().stream()
                .filter(service -> !SPOKEN.contains(service.protocol()))
                .map(UnspokenProtocols::problem)
                .toList();
    }

    private static Problem problem(Service service) {
        String name = service.name() == null ? service.id().toString() : service.name();
        String reason = service.protocol().word()
                + " is not spoken to upstreams: requests are answered 502 (expected: http, https, ws, wss, grpc or grpcs)";
        return new Problem("service '" + name + "'", "protocol", reason);
    }
}
