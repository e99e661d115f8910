package io.sluice.node.admin;

import io.sluice.node.config.document.EntityCheck;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.SchemaJson;
import io.sluice.state.model.schema.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes of entities and plugins, and whether an entity would fit; forms are built and webhooks decide by them. */
final class SchemaEndpoints {

    /** The only backend of vaults. */
    private static final String VAULT = "env";

    private static final Map<String, Object> VAULT_SCHEMA = vaultSchema();

    private final PluginRegistry plugins;
    private final EntityCheck check;
    private final BodyReader bodies;

    SchemaEndpoints(PluginRegistry plugins, EntityCheck check, BodyReader bodies) {
        this.plugins = plugins;
        this.check = check;
        this.bodies = bodies;
    }

    void addTo(EndpointTable table) {
        table.get(
                "/schemas/{name}",
                Handler.now(call -> EntityKind.of(call.parameter("name"))
                        .map(kind -> Answer.ok(SchemaJson.of(kind.schema())))
                        .orElseGet(() -> noEntity(call))));
        table.add(
                "POST",
                "/schemas/{name}/validate",
                call -> bodies.read(call)
                        .thenApply(body -> EntityKind.of(call.parameter("name"))
                                .map(kind -> validate(kind, body))
                                .orElseGet(() -> noEntity(call))));
        table.get(
                "/schemas/plugins/{name}",
                Handler.now(call -> plugins.find(call.parameter("name"))
                        .map(factory -> Answer.ok(pluginSchema(factory)))
                        .orElseGet(() -> noPlugin(call))));
        table.get(
                "/plugins/schema/{name}",
                Handler.now(call -> plugins.find(call.parameter("name"))
                        .map(factory -> Answer.ok(SchemaJson.of(factory.settings())))
                        .orElseGet(() -> noPlugin(call))));
        table.get(
                "/schemas/vaults/{name}",
                Handler.now(call -> call.parameter("name").equals(VAULT)
                        ? Answer.ok(VAULT_SCHEMA)
                        : Answer.message(404, "No vault named '" + call.parameter("name") + "'")));
        // The literal paths would be shadowed by /schemas/plugins/{name} and /schemas/vaults/{name}.
        for (EntityKind kind : List.of(EntityKind.PLUGIN, EntityKind.VAULT)) {
            table.add(
                    "POST",
                    "/schemas/" + kind.plural() + "/validate",
                    call -> bodies.read(call).thenApply(body -> validate(kind, body)));
        }
    }

    /** A backend of vaults as Kong shows one: its name and what may be configured. */
    private static Map<String, Object> vaultSchema() {
        List<Field> config = EntityKind.VAULT.schema().fields().stream()
                .filter(field -> field.name().equals("config"))
                .toList();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", VAULT);
        json.putAll(SchemaJson.of(new Schema(config, List.of())));
        return json;
    }

    private static Answer noEntity(Call call) {
        return Answer.message(404, "No entity named '" + call.parameter("name") + "'");
    }

    private static Answer noPlugin(Call call) {
        return Answer.message(404, "No plugin named '" + call.parameter("name") + "'");
    }

    private Answer validate(EntityKind kind, BodyReader.Body body) {
        if (body instanceof BodyReader.Body.Unreadable unreadable) {
            return unreadable.answer();
        }
        Map<?, ?> given = Map.of();
        if (body instanceof BodyReader.Body.Form form) {
            given = form.fields();
        } else if (body instanceof BodyReader.Body.Tree tree && tree.value() instanceof Map<?, ?> map) {
            given = map;
        } else {
            return Answer.message(400, "Cannot parse JSON body");
        }
        Map<String, @Nullable Object> entity = new LinkedHashMap<>();
        given.forEach((name, value) -> entity.put(String.valueOf(name), value));
        Map<String, @Nullable Object> typed =
                body instanceof BodyReader.Body.Form ? FormTypes.convert(entity, schema(kind, entity)) : entity;
        return check.check(kind, typed).error() instanceof Map<?, ?> errors
                ? SchemaViolation.of(errors)
                : Answer.message(200, "schema validation successful");
    }

    private Schema schema(EntityKind kind, Map<String, @Nullable Object> entity) {
        return kind == EntityKind.PLUGIN && entity.get("name") instanceof String name
                ? check.pluginSchema(name).orElse(kind.schema())
                : kind.schemaFor(entity);
    }

    private static Map<String, Object> pluginSchema(PluginFactory factory) {
        List<String> words =
                factory.protocols().stream().map(Protocol::word).sorted().toList();
        List<Field> fields = new ArrayList<>();
        if (factory.consumerScope()) {
            fields.add(Field.of("consumer", Type.foreign("consumers")));
        }
        fields.add(Field.of("protocols", Type.set(Type.string(Rules.oneOf(words.toArray()))))
                .mandatory()
                .defaultsTo(words));
        fields.add(Field.record("config", factory.settings()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", factory.name());
        json.putAll(SchemaJson.of(new Schema(fields, List.of())));
        return json;
    }
}
