package io.sluice.node.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import io.sluice.state.model.Vault;
import io.sluice.state.model.VaultReference;
import io.sluice.state.model.kind.Entities;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.kind.PluginSchema;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts secrets in the place of {@code {vault://..}} references, in those fields that may refer. The backend is the
 * environment. A reference that leads nowhere becomes an empty text, as in Kong, and a warning. Thread-safe.
 */
public final class SecretResolver {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String BACKEND = "env";

    private final Function<String, Optional<String>> environment;
    private final String globalPrefix;
    private final PluginRegistry plugins;

    /**
     * @param environment the variable of a name
     * @param globalPrefix before every variable's name unless a vault or reference says otherwise; may be empty
     * @param plugins know which of their settings may refer
     */
    public SecretResolver(Function<String, Optional<String>> environment, String globalPrefix, PluginRegistry plugins) {
        this.environment = environment;
        this.globalPrefix = globalPrefix;
        this.plugins = plugins;
    }

    /** The configuration with secrets, not to be shown, and what could not be found. */
    public record Resolved(GatewayConfig config, List<Problem> warnings) {}

    /** Resolves every reference; without any the same configuration is returned. */
    public Resolved resolve(GatewayConfig declared) {
        Run run = new Run(declared.vaults());
        List<Entity> entities = Entities.of(declared);
        boolean changed = false;
        for (int i = 0; i < entities.size(); i++) {
            Entity resolved = run.entity(entities.get(i));
            changed |= resolved != entities.get(i);
            entities.set(i, resolved);
        }
        GatewayConfig config = changed ? Entities.config(declared.hash(), entities) : declared;
        return new Resolved(config, List.copyOf(run.warnings));
    }

    private Schema schema(EntityKind kind, Map<String, @Nullable Object> tree) {
        if (kind == EntityKind.PLUGIN && tree.get("name") instanceof String name) {
            return plugins.find(name)
                    .map(plugin -> PluginSchema.of(plugin.settings(), plugin.protocols(), plugin.consumerScope()))
                    .orElse(kind.schema());
        }
        return kind.schema();
    }

    private static boolean mayRefer(Entity entity) {
        return switch (EntityKind.of(entity)) {
            case CERTIFICATE, KEY, PLUGIN -> true;
            default -> false;
        };
    }

    /** One pass over one configuration. */
    private final class Run {
        private final Map<String, Vault> vaults = new HashMap<>();
        private final List<Problem> warnings = new ArrayList<>();

        Run(List<Vault> vaults) {
            vaults.forEach(vault -> this.vaults.put(vault.prefix(), vault));
        }

        Entity entity(Entity entity) {
            if (!mayRefer(entity)) {
                return entity;
            }
            EntityKind kind = EntityKind.of(entity);
            Map<String, @Nullable Object> tree = kind.encode(entity);
            String object = kind.singular() + " '" + entity.id() + "'";
            Map<String, @Nullable Object> resolved = object(schema(kind, tree), tree, new Place(object, ""));
            return resolved.equals(tree) ? entity : kind.decode(resolved);
        }

        private Map<String, @Nullable Object> object(Schema schema, Map<String, @Nullable Object> tree, Place place) {
            Map<String, @Nullable Object> resolved = new LinkedHashMap<>(tree);
            for (Field field : schema.fields()) {
                Object value = tree.get(field.name());
                if (value != null) {
                    resolved.put(field.name(), value(field, field.type(), value, place.inside(field.name())));
                }
            }
            return resolved;
        }

        @SuppressWarnings("unchecked")
        private Object value(Field field, Type type, Object value, Place place) {
            if (field.referenceable()) {
                return texts(value, place);
            }
            if (type instanceof Type.Nested nested && value instanceof Map<?, ?> map) {
                return object(nested.schema(), (Map<String, @Nullable Object>) map, place);
            }
            if (type instanceof Type.Sequence sequence && value instanceof List<?> list) {
                List<Object> resolved = new ArrayList<>();
                for (Object one : list) {
                    resolved.add(one == null ? "" : value(field, sequence.element(), one, place));
                }
                return resolved;
            }
            return value;
        }

        /** Resolves every text in the value. */
        private Object texts(Object value, Place place) {
            if (value instanceof String text) {
                return VaultReference.isOne(text) ? secret(text, place) : text;
            }
            if (value instanceof List<?> list) {
                List<Object> resolved = new ArrayList<>();
                list.forEach(one -> resolved.add(one == null ? "" : texts(one, place)));
                return resolved;
            }
            if (value instanceof Map<?, ?> map) {
                Map<String, @Nullable Object> resolved = new LinkedHashMap<>();
                map.forEach((name, one) -> resolved.put(
                        String.valueOf(name), one == null ? null : texts(one, place.inside(String.valueOf(name)))));
                return resolved;
            }
            return value;
        }

        private String secret(String text, Place place) {
            Optional<String> secret = VaultReference.parse(text).flatMap(this::lookUp);
            if (secret.isEmpty()) {
                warnings.add(new Problem(
                        place.object(), place.field(), "no secret behind " + text + " (an empty text is used)"));
            }
            return secret.orElse("");
        }

        private Optional<String> lookUp(VaultReference reference) {
            Vault vault = vaults.get(reference.vault());
            String backend = vault == null ? reference.vault() : vault.name();
            if (!backend.equals(BACKEND)) {
                return Optional.empty();
            }
            Object configured = vault == null ? null : vault.config().get("prefix");
            String fallback = configured instanceof String prefix ? prefix : globalPrefix;
            String name = reference.options().getOrDefault("prefix", fallback) + reference.id();
            String variable = name.toUpperCase(Locale.ROOT).replace('-', '_');
            return environment.apply(variable).flatMap(value -> member(value, reference.key()));
        }

        private Optional<String> member(String value, @Nullable String key) {
            if (key == null) {
                return Optional.of(value);
            }
            try {
                JsonNode member = JSON.readTree(value).get(key);
                return member == null || member.isContainerNode() || member.isNull()
                        ? Optional.empty()
                        : Optional.of(member.asText());
            } catch (JsonProcessingException e) {
                return Optional.empty();
            }
        }
    }

    /** Where in the configuration a value stands. */
    private record Place(String object, String field) {
        Place inside(String name) {
            return new Place(object, field.isEmpty() ? name : field + "." + name);
        }
    }
}
