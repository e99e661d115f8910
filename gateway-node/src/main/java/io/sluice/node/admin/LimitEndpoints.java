package io.sluice.node.admin;

import io.sluice.state.limit.KeyView;
import io.sluice.state.membership.Member;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.wire.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** How the tokens of a limit over all nodes are shared out, as this node knows it. */
final class LimitEndpoints {

    private static final String MISSING = "required field missing";

    private final AdminNode node;

    LimitEndpoints(AdminNode node) {
        this.node = node;
    }

    void addTo(EndpointTable table) {
        table.get("/cluster/limits", Handler.now(this::limits));
    }

    private Answer limits(Call call) {
        Optional<String> plugin = call.argument("plugin").filter(text -> !text.isEmpty());
        Optional<String> key = call.argument("key");
        Optional<UUID> rule = plugin.flatMap(LimitEndpoints::id);
        Map<String, String> errors = new TreeMap<>();
        if (plugin.isEmpty()) {
            errors.put("plugin", MISSING);
        } else if (rule.isEmpty()) {
            errors.put("plugin", "expected a valid UUID");
        }
        if (key.isEmpty()) {
            errors.put("key", MISSING);
        }
        if (!errors.isEmpty()) {
            return SchemaViolation.of(errors);
        }
        return find(rule.orElseThrow(), key.orElseThrow(), call.argument("name"));
    }

    private Answer find(UUID plugin, String key, Optional<String> name) {
        Optional<KeyView> own = node.limits().of(plugin, key);
        if (own.isPresent()) {
            Map<String, Object> body = head(plugin, key);
            show(own.get(), body);
            return Answer.ok(body);
        }
        return node.config().get().plugins().stream()
                .filter(config -> config.id().equals(plugin))
                .findFirst()
                .map(config -> named(config, key, name))
                .orElse(Answer.notFound());
    }

    private Answer named(PluginConfig config, String key, Optional<String> name) {
        UUID plugin = config.id();
        Settings settings = new Settings(config.config());
        if (settings.has("policy") && settings.string("policy").equals("local")) {
            return Answer.message(
                    404,
                    "policy: local (expected: cluster or redis), plugin '" + plugin
                            + "' counts on each node by itself");
        }
        Map<String, UUID> named = node.plugins()
                .find(config.name())
                .map(kind -> kind.namedLimits(plugin, settings))
                .orElse(Map.of());
        List<Map<String, Object>> shown = new ArrayList<>();
        named.forEach((each, rule) -> {
            if (name.isEmpty() || name.get().equals(each)) {
                node.limits().of(rule, key).ifPresent(view -> shown.add(show(each, view)));
            }
        });
        if (shown.isEmpty()) {
            return Answer.message(404, "plugin '" + plugin + "' has no such limit over all nodes in use on this node");
        }
        Map<String, Object> body = head(plugin, key);
        body.put("names", shown);
        return Answer.ok(body);
    }

    private static Optional<UUID> id(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equalsIgnoreCase(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Map<String, Object> head(UUID plugin, String key) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("plugin", plugin.toString());
        body.put("key", key);
        body.put("node", NodeId.show(node.membership().members().self().id()));
        return body;
    }

    private Map<String, Object> show(String name, KeyView view) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", name);
        show(view, shown);
        return shown;
    }

    private void show(KeyView view, Map<String, Object> body) {
        Map<String, Object> home = new LinkedHashMap<>();
        home.put("id", NodeId.show(view.home()));
        node.membership()
                .members()
                .byId(view.home())
                .map(Member::address)
                .ifPresent(address -> home.put("address", address));
        body.put("home", home);
        body.put("limits", view.positions().stream().map(LimitEndpoints::show).toList());
    }

    private static Map<String, Object> show(KeyView.Position position) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("period", position.period());
        shown.put("limit", position.limit());
        shown.put("owned", position.owned());
        shown.put("locked", position.locked());
        shown.put("debt", position.debt());
        shown.put("elsewhere", position.elsewhere());
        return shown;
    }
}
