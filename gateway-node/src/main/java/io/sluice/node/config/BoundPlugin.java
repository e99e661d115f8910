package io.sluice.node.config;

import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.state.model.PluginConfig;
import java.util.Set;

/** A configured plugin with what the request path needs to know of it. */
public final class BoundPlugin {

    private final Plugin plugin;
    private final PluginConfig config;
    private final int priority;
    private final int phases;

    BoundPlugin(Plugin plugin, PluginFactory factory, PluginConfig config) {
        this.plugin = plugin;
        this.config = config;
        this.priority = factory.priority();
        this.phases = mask(factory.phases());
    }

    private static int mask(Set<Phase> phases) {
        int mask = 0;
        for (Phase phase : phases) {
            mask |= 1 << phase.ordinal();
        }
        return mask;
    }

    public Plugin plugin() {
        return plugin;
    }

    public PluginConfig config() {
        return config;
    }

    public String name() {
        return config.name();
    }

    int priority() {
        return priority;
    }

    /** Whether it takes part in the phase. */
    public boolean in(Phase phase) {
        return (phases & 1 << phase.ordinal()) != 0;
    }
}
