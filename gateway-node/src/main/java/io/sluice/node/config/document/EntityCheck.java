package io.sluice.node.config.document;

import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.kind.PluginSchema;
import io.sluice.state.model.schema.Checked;
import io.sluice.state.model.schema.Schema;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks one entity as given: shorthands, schema (a plugin's own for its settings), and that certificates, keys and regular
 * expressions are good for something. Does not look at other entities. Thread-safe.
 */
public final class EntityCheck {

    private static final Set<String> NEED_LUA = Set.of("pre-function", "post-function");

    private final PluginRegistry plugins;
    private final ContentChecks contents;
    private final Map<PluginFactory, Schema> pluginSchemas;

    /**
     * @param plugins those that are enabled
     * @param clock by which certificates expire
     */
    public EntityCheck(PluginRegistry plugins, RouterFlavor flavor, InstantSource clock) {
        this.plugins = plugins;
        this.contents = new ContentChecks(flavor, clock);
        Map<PluginFactory, Schema> schemas = new LinkedHashMap<>();
        plugins.all()
                .forEach(plugin -> schemas.put(
                        plugin, PluginSchema.of(plugin.settings(), plugin.protocols(), plugin.consumerScope())));
        this.pluginSchemas = schemas;
    }

    /** The schema of entities of the kind; for a plugin of that name, with the plugin's settings. Empty if there is none. */
    public Optional<Schema> pluginSchema(String plugin) {
        return plugins.find(plugin).map(pluginSchemas::get);
    }

    /**
     * Checks an object.
     *
     * @return its tree with every field and all defaults, or its errors by field in the shape of the object
     */
    public Checked check(EntityKind kind, Map<String, @Nullable Object> given) {
        Map<String, Object> errors = new LinkedHashMap<>();
        Map<String, @Nullable Object> expanded = kind.expand(given, errors);
        Schema schema = kind.schemaFor(expanded);
        if (kind == EntityKind.PLUGIN && expanded.get("name") instanceof String name && !name.isEmpty()) {
            Optional<Schema> own = pluginSchema(name);
            if (own.isEmpty()) {
                errors.put("name", unknown(name));
                expanded = without(expanded, "config");
            }
            schema = own.orElse(schema);
        }
        Checked checked = schema.check(expanded);
        if (checked.error() instanceof Map<?, ?> found) {
            found.forEach((field, error) -> errors.put(String.valueOf(field), error));
            contents.run(kind, sound(expanded, errors), errors);
        } else if (errors.isEmpty()) {
            contents.run(kind, tree(checked.value()), errors);
        }
        return errors.isEmpty() ? checked : new Checked(null, errors);
    }

    /** What of a tree has no error, so that all problems are told at once; of lists, null stands for bad elements. */
    private static Map<String, @Nullable Object> sound(
            Map<String, @Nullable Object> given, Map<String, Object> errors) {
        Map<String, @Nullable Object> sound = new LinkedHashMap<>();
        given.forEach((field, value) -> {
            Object error = errors.get(field);
            if (error == null) {
                sound.put(field, value);
            } else if (error instanceof List<?> bad && value instanceof List<?> many) {
                List<@Nullable Object> rest = new ArrayList<>(many);
                for (int i = 0; i < Math.min(bad.size(), rest.size()); i++) {
                    rest.set(i, bad.get(i) == null ? rest.get(i) : null);
                }
                sound.put(field, rest);
            }
        });
        return sound;
    }

    private String unknown(String plugin) {
        if (NEED_LUA.contains(plugin)) {
            return "plugin '" + plugin + "' runs Lua code, which this gateway does not";
        }
        String known = plugins.all().stream().map(PluginFactory::name).sorted().collect(Collectors.joining(", "));
        return "plugin '" + plugin + "' not enabled; add it to the 'plugins' configuration property (expected: one of "
                + known + ")";
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> tree(@Nullable Object value) {
        return (Map<String, @Nullable Object>) (value == null ? Map.of() : value);
    }

    private static Map<String, @Nullable Object> without(Map<String, @Nullable Object> tree, String field) {
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(tree);
        rest.remove(field);
        return rest;
    }
}
