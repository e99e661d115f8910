package io.sluice.node.plugin;

import io.sluice.state.limit.Limiters;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a plugin may use of the node. Thread-safe. */
public interface PluginContext {

    /** The revision this plugin belongs to. */
    GatewayConfig config();

    /** This plugin's own configuration: scope and id. */
    PluginConfig plugin();

    /** An index over the configuration, built once per revision and shared by all plugins that ask for the type. */
    <T> T derived(Class<T> type, Function<GatewayConfig, T> build);

    /**
     * Something that outlives a revision (counters, a queue, an open file): opened at the first request for the key, kept as
     * long as any living revision asked for it, then closed. Keys are compared by equals; include what makes it different.
     */
    <T extends AutoCloseable> T resource(Object key, Supplier<T> open);

    /** For work off the event loops: sending logs, timers. May block, briefly. */
    ScheduledExecutorService background();

    /** The wall clock. */
    InstantSource clock();

    /** Where limiters come from. */
    Limiters limiters();

    /** Where the prometheus plugin counts. */
    TrafficMetrics metrics();
}
