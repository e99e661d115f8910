package io.sluice.node.config;

import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.schema.Settings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A configured plugin with what the request path needs to know of it. */
public final class BoundPlugin {

    private final Plugin plugin;
    private final PluginConfig config;
    private final int priority;
    private final int phases;
    private final Optional<List<UUID>> clientAuthorities;

    BoundPlugin(Plugin plugin, PluginFactory factory, PluginConfig config) {
        this.plugin = plugin;
        this.config = config;
        this.priority = factory.priority();
        this.phases = mask(factory.phases());
        this.clientAuthorities = factory.clientAuthorities(new Settings(config.config()));
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

    /** The authorities that clients are told when they are asked for a certificate; empty if they are not asked. */
    Optional<List<UUID>> clientAuthorities() {
        return clientAuthorities;
    }

    int priority() {
        return priority;
    }

    /** Whether it takes part in the phase. */
    public boolean in(Phase phase) {
        return (phases & 1 << phase.ordinal()) != 0;
    }
}
