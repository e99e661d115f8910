package io.sluice.k8s.translate;

import io.sluice.k8s.api.PlainTree;
import io.sluice.k8s.translate.draft.EntityRules;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.kind.PluginSchema;
import io.sluice.state.model.schema.Checked;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.YAMLException;

/** The model's own schemas with a few plugins, standing in for the gateway, which checks more. */
final class SchemaRules implements EntityRules {

    private static final Set<Protocol> HTTP = Set.of(Protocol.HTTP, Protocol.HTTPS, Protocol.GRPC, Protocol.GRPCS);

    private static final Map<String, Schema> PLUGINS = Map.of(
            "rate-limiting",
            plugin(Schema.of(
                            Field.number("minute", Rules.greaterThan(0)),
                            Field.number("hour", Rules.greaterThan(0)),
                            Field.string("policy", Rules.oneOf("local", "cluster")))
                    .with(Checks.atLeastOneOf("minute", "hour"))),
            "cors",
            plugin(Schema.of(texts("origins"), texts("methods"), texts("headers"))),
            "key-auth",
            PluginSchema.of(Schema.of(texts("key_names")), HTTP, false),
            "acl",
            PluginSchema.of(Schema.of(texts("allow")), HTTP, false),
            "correlation-id",
            plugin(Schema.of(Field.string("header_name"))),
            "request-termination",
            plugin(Schema.of(Field.integer("status_code", Rules.between(100, 599)), Field.string("message"))),
            "request-transformer",
            plugin(Schema.of(
                    Field.record("replace", Schema.of(Field.string("uri"))),
                    Field.record("add", Schema.of(texts("headers"), texts("querystring"))))),
            "prometheus",
            plugin(Schema.of(Field.bool("per_consumer", false))));

    @Override
    public Checked check(EntityKind kind, Map<String, @Nullable Object> given) {
        Map<String, Object> errors = new LinkedHashMap<>();
        Map<String, @Nullable Object> expanded = kind.expand(given, errors);
        Schema schema = kind.schemaFor(expanded);
        if (kind == EntityKind.PLUGIN) {
            Schema own = PLUGINS.get(String.valueOf(expanded.get("name")));
            if (own == null) {
                return new Checked(null, Map.of("name", "plugin '" + expanded.get("name") + "' not enabled"));
            }
            schema = own;
        }
        Checked checked = schema.check(expanded);
        if (checked.error() instanceof Map<?, ?> found) {
            found.forEach((field, error) -> errors.put(String.valueOf(field), error));
        }
        contents(kind, expanded, errors);
        return errors.isEmpty() ? checked : new Checked(null, errors);
    }

    @Override
    public Optional<Object> json(String text) {
        String trimmed = text.strip();
        boolean looksSo = trimmed.startsWith("{")
                || trimmed.startsWith("[")
                || trimmed.startsWith("\"")
                || trimmed.matches("-?[0-9.]+|true|false");
        return looksSo ? yaml(trimmed) : Optional.empty();
    }

    @Override
    public Optional<Object> yaml(String text) {
        try {
            return Optional.ofNullable(PlainTree.value(YamlFiles.tree(text)));
        } catch (YAMLException e) {
            return Optional.empty();
        }
    }

    private static void contents(EntityKind kind, Map<String, @Nullable Object> tree, Map<String, Object> errors) {
        if (kind == EntityKind.ROUTE && tree.get("paths") instanceof List<?> paths && !errors.containsKey("paths")) {
            List<@Nullable Object> found = new ArrayList<>();
            paths.forEach(path -> found.add(regexError(String.valueOf(path))));
            if (found.stream().anyMatch(one -> one != null)) {
                errors.put("paths", found);
            }
        }
        boolean certificate = kind == EntityKind.CERTIFICATE || kind == EntityKind.CA_CERTIFICATE;
        if (certificate && !String.valueOf(tree.get("cert")).startsWith("-----BEGIN CERTIFICATE-----")) {
            errors.put("cert", "invalid certificate: no PEM");
        }
    }

    private static @Nullable String regexError(String path) {
        try {
            Pattern.compile(path.startsWith("~") ? path.substring(1) : "");
            return null;
        } catch (PatternSyntaxException e) {
            return "invalid regex: '" + path.substring(1) + "' (" + e.getDescription() + ")";
        }
    }

    private static Field texts(String name) {
        return Field.of(name, Type.array(Type.string()));
    }

    private static Schema plugin(Schema settings) {
        return PluginSchema.of(settings, HTTP, true);
    }

    /** The plugins that it knows. */
    static Set<String> plugins() {
        return Collections.unmodifiableSet(PLUGINS.keySet());
    }
}
