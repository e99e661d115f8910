package io.sluice.node.boot;

import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Set;

/** A third party's plugin, found as a service of the class path. */
public final class ForeignPlugin implements PluginFactory {

    @Override
    public String name() {
        return "foreign";
    }

    @Override
    public int priority() {
        return 5;
    }

    @Override
    public Schema settings() {
        return Schema.of();
    }

    @Override
    public Set<Phase> phases() {
        return Set.of(Phase.ACCESS);
    }

    @Override
    public Plugin create(Settings settings, PluginContext context) {
        return new Plugin() {};
    }
}
