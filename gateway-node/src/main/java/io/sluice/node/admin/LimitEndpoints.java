package io.sluice.node.admin;

import io.sluice.state.limit.KeyView;
import io.sluice.state.membership.Member;
import io.sluice.state.wire.NodeId;
import java.util.LinkedHashMap;
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
        return rule.flatMap(id -> node.limits().of(id, key.orElseThrow()))
                .map(view -> Answer.ok(show(plugin.orElseThrow(), key.orElseThrow(), view)))
                .orElse(Answer.notFound());
    }

    private static Optional<UUID> id(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equalsIgnoreCase(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Map<String, Object> show(String plugin, String key, KeyView view) {
        Map<String, Object> home = new LinkedHashMap<>();
        home.put("id", NodeId.show(view.home()));
        node.membership()
                .members()
                .byId(view.home())
                .map(Member::address)
                .ifPresent(address -> home.put("address", address));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("plugin", plugin);
        body.put("key", key);
        body.put("node", NodeId.show(node.membership().members().self().id()));
        body.put("home", home);
        body.put("limits", view.positions().stream().map(LimitEndpoints::show).toList());
        return body;
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
