package io.sluice.node.plugin;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The kinds of plugin this node has, by name. Immutable. */
public final class PluginRegistry {

    private final Map<String, PluginFactory> factories;

    private PluginRegistry(Map<String, PluginFactory> factories) {
        this.factories = factories;
    }

    /** A registry of these factories; a later one of the same name replaces an earlier one. */
    public static PluginRegistry of(Collection<? extends PluginFactory> factories) {
        Map<String, PluginFactory> byName = new LinkedHashMap<>();
        factories.forEach(factory -> byName.put(factory.name(), factory));
        return new PluginRegistry(Collections.unmodifiableMap(byName));
    }

    /** The kind of that name. */
    public Optional<PluginFactory> find(String name) {
        return Optional.ofNullable(factories.get(name));
    }

    /** Every kind, in the order given. */
    public Collection<PluginFactory> all() {
        return factories.values();
    }
}
