package io.sluice.node.upstream;

import io.sluice.node.guard.Guards;
import io.sluice.node.guard.UpstreamGuard;
import io.sluice.node.proxy.Configs;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.UpstreamOptions;
import java.util.List;
import java.util.Map;

/** Upstreams for tests. */
final class Upstreams {

    private Upstreams() {}

    static Upstream upstream(String hostHeader, boolean serverNames) {
        return upstream(Upstream.Algorithm.ROUND_ROBIN, hostHeader, serverNames);
    }

    static Upstream upstream(Upstream.Algorithm algorithm, String hostHeader, boolean serverNames) {
        return new Upstream(
                Configs.id("u"),
                "u",
                algorithm,
                1000,
                Upstream.HashOn.NONE,
                Upstream.HashOn.NONE,
                Map.of(),
                hostHeader,
                null,
                serverNames,
                Map.of(),
                UpstreamOptions.NONE,
                List.of(),
                0,
                0);
    }

    /** Guards of an upstream that is hedged. */
    static UpstreamGuard guard(UpstreamOptions.Hedging hedging) {
        Upstream plain = upstream(null, false);
        return Guards.alone()
                .open(new Upstream(
                        plain.id(),
                        plain.name(),
                        plain.algorithm(),
                        plain.slots(),
                        plain.hashOn(),
                        plain.hashFallback(),
                        Map.of(),
                        null,
                        null,
                        false,
                        Map.of(),
                        new UpstreamOptions(0, 0, null, null, null, null, hedging),
                        List.of(),
                        0,
                        0));
    }
}
