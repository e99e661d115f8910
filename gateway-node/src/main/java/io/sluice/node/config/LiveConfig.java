package io.sluice.node.config;

import io.sluice.state.model.GatewayConfig;

/**
 * The configuration that requests see now: one volatile read, no lock. Written by {@link ConfigKeeper} only. Any thread.
 *
 * @param <R> the compiled form
 */
public final class LiveConfig<R> {

    private volatile Version<R> version;

    private record Version<R>(GatewayConfig declared, R revision) {}

    /** Begins with a revision compiled before, usually of the empty configuration. */
    public LiveConfig(GatewayConfig declared, R revision) {
        this.version = new Version<>(declared, revision);
    }

    /** The compiled form; has secrets in it. */
    public R revision() {
        return version.revision();
    }

    /** The configuration as it was declared, references to secrets unresolved: what may be shown. */
    public GatewayConfig declared() {
        return version.declared();
    }

    void replace(GatewayConfig declared, R revision) {
        version = new Version<>(declared, revision);
    }
}
