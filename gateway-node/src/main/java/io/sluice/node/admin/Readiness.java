package io.sluice.node.admin;

import io.sluice.state.model.GatewayConfig;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Whether the node should get requests. Any thread. */
public final class Readiness {

    private final Supplier<GatewayConfig> config;
    private final BooleanSupplier settled;
    private volatile boolean starting;
    private volatile boolean draining;

    /**
     * @param settled whether the node is in its cluster, or will do without; once true it stays so
     */
    public Readiness(Supplier<GatewayConfig> config, BooleanSupplier settled) {
        this.config = config;
        this.settled = settled;
    }

    /** Whether the node is still about to open its listeners for traffic; at first it is not. */
    public void starting(boolean now) {
        starting = now;
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
        if (starting) {
            return Optional.of("starting");
        }
        if (!settled.getAsBoolean()) {
            return Optional.of("joining the cluster");
        }
        return config.get().hash().equals(GatewayConfig.EMPTY_HASH)
                ? Optional.of("no configuration available (empty configuration present)")
                : Optional.empty();
    }
}
