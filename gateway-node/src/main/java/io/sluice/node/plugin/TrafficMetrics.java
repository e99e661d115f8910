package io.sluice.node.plugin;

import io.sluice.state.model.PluginConfig;

/** Counts finished exchanges for the metrics endpoint. Called on event loops; does not block. */
public interface TrafficMetrics {

    /** Which families a configuration switches on. */
    record Detail(
            boolean perConsumer, boolean statusCode, boolean latency, boolean bandwidth, boolean upstreamHealth) {}

    /** Counts one exchange; log phase only. */
    void count(Exchange exchange, Detail detail);

    /** Says that at least one configuration wants the health of upstream targets exported. */
    void exportUpstreamHealth(boolean on);

    /** What a configuration that limits counts its decisions with: the same one as long as the configuration is there. */
    LimitTally limits(PluginConfig plugin);
}
