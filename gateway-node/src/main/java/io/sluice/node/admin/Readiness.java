package io.sluice.node.admin;

import io.sluice.state.model.GatewayConfig;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the node should get requests. Any thread. */
public final class Readiness {

    private final Supplier<GatewayConfig> config;
    private volatile boolean draining;

    public Readiness(Supplier<GatewayConfig> config) {
        this.config = config;
    }

    /** From now on not ready: the node is about to stop. */
    public void drain() {
        draining = true;
    }

    /** Why not, in Kong's words; empty if ready. */
    public Optional<String> complaint() {
        if (draining) {
            return Optional.of("draining");
        }
        return config.get().hash().equals(GatewayConfig.EMPTY_HASH)
                ? Optional.of("no configuration available (empty configuration present)")
                : Optional.empty();
    }
}
