package io.sluice.node.boot;

import io.sluice.node.config.document.DeclarativeReader;
import io.sluice.node.config.document.DocumentLimits;
import io.sluice.node.config.document.EntityCheck;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugins.BuiltInPlugins;
import io.sluice.node.settings.NodeSettings;
import io.sluice.state.model.Problem;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * What decides whether a configuration is good: the same for the command line, the Admin API and the sources.
 *
 * @param plugins the enabled ones
 * @param entities of single entities
 * @param reader of documents
 */
record ConfigCheck(PluginRegistry plugins, EntityCheck entities, DeclarativeReader reader) {

    private static final String ALL = "bundled";

    /**
     * For the plugins that the settings name.
     *
     * @throws StartFailure if one of them does not exist
     */
    static ConfigCheck of(NodeSettings settings, InstantSource clock) throws StartFailure {
        PluginRegistry plugins = enabled(settings.plugins());
        EntityCheck entities = new EntityCheck(plugins, settings.routerFlavor(), clock);
        return new ConfigCheck(
                plugins, entities, new DeclarativeReader(entities, new SecureRandom(), clock, DocumentLimits.DEFAULT));
    }

    /** A problem for each name that no plugin has. */
    static List<Problem> unknown(List<String> names) {
        Map<String, PluginFactory> known = known();
        return names.stream()
                .filter(name -> !name.equals(ALL) && !known.containsKey(name))
                .map(name -> new Problem(
                        "plugins", "", name + " (expected: bundled, off, " + String.join(", ", known.keySet()) + ")"))
                .toList();
    }

    private static Map<String, PluginFactory> known() {
        Map<String, PluginFactory> known = new LinkedHashMap<>();
        BuiltInPlugins.all().forEach(factory -> known.put(factory.name(), factory));
        ServiceLoader.load(PluginFactory.class).forEach(factory -> known.put(factory.name(), factory));
        return known;
    }

    private static PluginRegistry enabled(List<String> names) throws StartFailure {
        Map<String, PluginFactory> known = known();
        List<PluginFactory> builtIn = BuiltInPlugins.all();
        List<PluginFactory> enabled = new ArrayList<>();
        List<Problem> problems = unknown(names);
        for (String name : names) {
            PluginFactory named = known.get(name);
            if (name.equals(ALL)) {
                enabled.addAll(builtIn);
            } else if (named != null) {
                enabled.add(named);
            }
        }
        if (!problems.isEmpty()) {
            throw StartFailure.of(problems);
        }
        return PluginRegistry.of(enabled);
    }
}
