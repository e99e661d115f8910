package io.sluice.node.admin;

import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.settings.Version;
import io.sluice.state.model.Entity;
import io.sluice.state.model.kind.EntityKind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the node says about itself. */
final class NodeEndpoints {

    private static final Set<String> LEVELS =
            Set.of("debug", "info", "notice", "warn", "error", "crit", "alert", "emerg");

    private final AdminNode node;
    private final String host = hostName();

    NodeEndpoints(AdminNode node) {
        this.node = node;
    }

    void addTo(EndpointTable table) {
        table.get("/", Handler.now(call -> Answer.ok(root())));
        table.get("/endpoints", Handler.now(call -> Answer.ok(Map.of("data", table.patterns()))));
        table.get("/plugins/enabled", Handler.now(call -> Answer.ok(Map.of("enabled_plugins", pluginNames()))));
        table.get("/tags", Handler.now(call -> Page.of(call, tags(), Tagged::id, one -> List.of(), Tagged::show)));
        table.get(
                "/tags/{tags}",
                Handler.now(call -> Page.of(
                        call,
                        tags().stream()
                                .filter(one -> one.tag().equals(call.parameter("tags")))
                                .toList(),
                        Tagged::id,
                        one -> List.of(),
                        Tagged::show)));
        table.get("/timers", Handler.now(call -> Answer.ok(timers())));
        table.get(
                "/debug/node/log-level",
                Handler.now(call ->
                        Answer.message(200, "log level: " + node.logLevel().word())));
        table.add("PUT", "/debug/node/log-level/{level}", Handler.now(this::changeLevel));
    }

    private Map<String, Object> root() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("tagline", "Welcome to kong");
        body.put("version", Version.KONG);
        body.put("edition", "community");
        body.put("sluice_version", Version.sluice());
        body.put("hostname", host);
        body.put("node_id", node.nodeId().toString());
        body.put("lua_version", "Java " + Runtime.version());
        long process = ProcessHandle.current().pid();
        body.put("pids", Map.of("master", process, "workers", List.of(process)));
        body.put("timers", timers());
        Map<String, Object> available = new LinkedHashMap<>();
        for (PluginFactory factory : node.plugins().all()) {
            available.put(factory.name(), Map.of("version", factory.version(), "priority", factory.priority()));
        }
        List<String> used = node.config().get().plugins().stream()
                .map(plugin -> plugin.name())
                .distinct()
                .sorted()
                .toList();
        body.put("plugins", Map.of("available_on_server", available, "enabled_in_cluster", used));
        Map<String, Object> configuration = new LinkedHashMap<>(node.settings().shown());
        Map<String, Object> loaded = new LinkedHashMap<>();
        pluginNames().forEach(name -> loaded.put(name, true));
        configuration.put("loaded_plugins", loaded);
        body.put("configuration", configuration);
        return body;
    }

    private static Map<String, Object> timers() {
        return Map.of("running", 0, "pending", 0);
    }

    private List<String> pluginNames() {
        return node.plugins().all().stream().map(PluginFactory::name).sorted().toList();
    }

    private Answer changeLevel(Call call) {
        String level = call.parameter("level");
        if (!LEVELS.contains(level)) {
            return Answer.message(400, "unknown log level: " + level);
        }
        if (level.equals(node.logLevel().word())) {
            return Answer.message(200, "log level is already " + level);
        }
        try {
            long seconds = call.argument("timeout").map(Long::parseLong).orElse(60L);
            if (seconds >= 0) {
                node.logLevel().change(level, seconds);
                return Answer.message(200, "log level changed to " + level);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        return Answer.message(400, "timeout must be greater than or equal to 0");
    }

    private record Tagged(String kind, String entity, String tag) {

        String id() {
            return kind + ':' + entity + ':' + tag;
        }

        Map<String, Object> show() {
            return Map.of("entity_name", kind, "entity_id", entity, "tag", tag);
        }
    }

    private List<Tagged> tags() {
        List<Tagged> rows = new ArrayList<>();
        for (EntityKind kind : EntityKind.values()) {
            for (Entity entity : kind.entities(node.config().get())) {
                entity.tags()
                        .forEach(tag ->
                                rows.add(new Tagged(kind.plural(), entity.id().toString(), tag)));
            }
        }
        return rows;
    }

    private static String hostName() {
        String given = System.getenv("HOSTNAME");
        if (given != null && !given.isEmpty()) {
            return given;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
