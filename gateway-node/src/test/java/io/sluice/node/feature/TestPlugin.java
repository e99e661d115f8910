package io.sluice.node.feature;

import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/** A kind of plugin that takes part in every phase, with one setting {@code value}, made by the test. */
record TestPlugin(String name, int priority, Function<String, Plugin> make) implements PluginFactory {

    @Override
    public Schema settings() {
        return Schema.of(Field.string("value").defaultsTo("none"));
    }

    @Override
    public Set<Phase> phases() {
        return EnumSet.allOf(Phase.class);
    }

    @Override
    public Plugin create(Settings settings, PluginContext context) {
        return make.apply(settings.string("value"));
    }
}
