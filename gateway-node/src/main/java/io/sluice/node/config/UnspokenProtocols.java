package io.sluice.node.config;

import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Service;
import java.util.List;

/** Finds the services whose protocol is not spoken to upstreams: their requests are answered 502. */
final class UnspokenProtocols {

    private UnspokenProtocols() {}

    static List<Problem> of(GatewayConfig config) {
        return config.services().stream()
                .filter(service -> service.protocol() != Protocol.HTTP && service.protocol() != Protocol.HTTPS)
                .map(UnspokenProtocols::problem)
                .toList();
    }

    private static Problem problem(Service service) {
        String name = service.name() == null ? service.id().toString() : service.name();
        String reason = service.protocol().word()
                + " is not spoken to upstreams: requests are answered 502 (expected: http or https)";
        return new Problem("service '" + name + "'", "protocol", reason);
    }
}
