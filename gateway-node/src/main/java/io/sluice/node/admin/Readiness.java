package io.sluice.node.admin;

import io.sluice.state.model.GatewayConfig;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Whether the node should get requests. Any thread. */
public final class Readiness {

    private final Supplier<Optional<String>> lacking;
    private final BooleanSupplier settled;
    private volatile boolean starting;
    private volatile boolean draining;

    /**
     * @param lacking why there is no configuration to serve; empty if there is one
     * @param settled whether the node is in its cluster, or will do without; once true it stays so
     */
    public Readiness(Supplier<Optional<String>> lacking, BooleanSupplier settled) {
        this.lacking = lacking;
        this.settled = settled;
    }

    /** What a configuration lacks that nobody has given yet. */
    public static Optional<String> lacking(GatewayConfig config) {
        return config.hash().equals(GatewayConfig.EMPTY_HASH)
                ? Optional.of("no configuration available (empty configuration present)")
                : Optional.empty();
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
        return lacking.get();
    }
}
