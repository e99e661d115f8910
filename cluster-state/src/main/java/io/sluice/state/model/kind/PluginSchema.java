package io.sluice.state.model.kind;

import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.TextRules;
import io.sluice.state.model.schema.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plugin configurations. The shape of {@code config} comes from the plugin. */
public final class PluginSchema implements Codec<PluginConfig> {

    private static final Set<Protocol> HTTP = Set.of(Protocol.GRPC, Protocol.GRPCS, Protocol.HTTP, Protocol.HTTPS);

    PluginSchema() {}

    /** The schema without a certain plugin: {@code config} has no fields. */
    static final Schema SCHEMA = of(Schema.of(), HTTP, true);

    /**
     * The schema for configurations of one plugin.
     *
     * @param settings the shape of {@code config}
     * @param protocols what {@code protocols} is if not given
     * @param consumerScope whether {@code consumer} and {@code consumer_group} may be set
     */
    public static Schema of(Schema settings, Set<Protocol> protocols, boolean consumerScope) {
        List<String> words = RouteCodec.words(protocols);
        Schema schema = Schema.of(
                Fields.id(),
                Field.string("name").mandatory(),
                Field.string("instance_name", TextRules.name(), Fields.UNIQUE),
                Fields.createdAt(),
                Fields.updatedAt(),
                Fields.foreign("route", "routes"),
                Fields.foreign("service", "services"),
                Fields.foreign("consumer", "consumers"),
                Fields.foreign("consumer_group", "consumer_groups"),
                Field.record("config", settings),
                Field.of("protocols", Type.set(Type.string(RouteSchema.protocolWord())))
                        .mandatory()
                        .defaultsTo(words),
                Field.bool("enabled", true).mandatory(),
                Fields.tags());
        return consumerScope ? schema : schema.with(unset("consumer")).with(unset("consumer_group"));
    }

    private static Check unset(String name) {
        return Checks.over(List.of(name), (plugin, errors) -> {
            if (plugin.get(name) != null) {
                errors.field(name, "value must be null");
            }
        });
    }

    @Override
    public PluginConfig decode(Settings tree) {
        return new PluginConfig(
                Fields.uuid(tree),
                tree.string("name"),
                Fields.text(tree, "instance_name"),
                tree.record("config").values(),
                tree.bool("enabled"),
                RouteCodec.protocols(tree.strings("protocols")),
                Fields.reference(tree, "route"),
                Fields.reference(tree, "service"),
                Fields.reference(tree, "consumer"),
                Fields.reference(tree, "consumer_group"),
                Fields.strings(tree, "tags"),
                Fields.created(tree),
                Fields.updated(tree));
    }

    @Override
    public Map<String, @Nullable Object> encode(PluginConfig plugin) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", plugin.id().toString());
        tree.put("name", plugin.name());
        tree.put("instance_name", plugin.instanceName());
        tree.put("created_at", Fields.time(plugin.createdAt()));
        tree.put("updated_at", Fields.time(plugin.updatedAt()));
        tree.put("route", Fields.encoded(plugin.route()));
        tree.put("service", Fields.encoded(plugin.service()));
        tree.put("consumer", Fields.encoded(plugin.consumer()));
        if (plugin.consumerGroup() != null) {
            tree.put("consumer_group", Fields.encoded(plugin.consumerGroup()));
        }
        tree.put("config", plugin.config());
        tree.put("protocols", RouteCodec.words(plugin.protocols()));
        tree.put("enabled", plugin.enabled());
        tree.put("tags", Fields.encoded(plugin.tags()));
        return tree;
    }
}
