package io.sluice.node.admin;

import io.sluice.node.observe.ConnectionGauges;
import io.sluice.state.limit.disk.Durability;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Members;
import io.sluice.state.wire.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** How the node is: what the Status API has, and parts of which the Admin API has too. */
final class StatusEndpoints {

    private static final Map<String, Integer> POWERS = Map.of("b", 0, "k", 1, "m", 2, "g", 3);

    private final AdminNode node;
    private final BodyReader bodies;

    StatusEndpoints(AdminNode node, BodyReader bodies) {
        this.node = node;
        this.bodies = bodies;
    }

    /** What both APIs have. */
    void addTo(EndpointTable table) {
        table.get("/status", Handler.now(this::status));
        table.get("/cluster", Handler.now(call -> Answer.ok(cluster())));
        table.get(
                "/metrics",
                Handler.now(call -> Answer.ok(new Answer.Text(
                        "text/plain; charset=UTF-8", node.metrics().get()))));
        table.get(
                "/status/dns",
                Handler.now(call -> Answer.message(501, "dns stats are not available with this DNS client")));
    }

    /** What only the Status API has. */
    void addReadinessTo(EndpointTable table) {
        table.get(
                "/status/ready",
                Handler.now(call -> node.readiness()
                        .complaint()
                        .map(complaint -> Answer.message(503, complaint))
                        .orElse(Answer.message(200, "ready"))));
        table.add("POST", "/status/ready", this::drain);
    }

    private CompletionStage<Answer> drain(Call call) {
        return bodies.read(call).thenApply(body -> {
            Optional<String> status = call.argument("status").or(() -> statusOf(body));
            if (status.equals(Optional.of("draining"))) {
                node.readiness().drain();
                return Answer.empty(204);
            }
            return Answer.message(400, "status: " + status.orElse("nothing") + " (expected: draining)");
        });
    }

    private static Optional<String> statusOf(BodyReader.Body body) {
        if (body instanceof BodyReader.Body.Form form) {
            return Optional.ofNullable(form.fields().get("status")).map(String::valueOf);
        }
        return body instanceof BodyReader.Body.Tree tree && tree.value() instanceof Map<?, ?> map
                ? Optional.ofNullable(map.get("status")).map(String::valueOf)
                : Optional.empty();
    }

    private Answer status(Call call) {
        String unit = call.argument("unit").orElse("m");
        String scale = call.argument("scale").orElse("2");
        if (!POWERS.containsKey(unit)) {
            return Answer.message(400, "invalid unit '" + unit + "', expected one of: b, k, m, g");
        }
        if (!scale.matches("\\d{1,2}")) {
            return Answer.message(400, "scale must be equal or greater than 0, got '" + scale + "'");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        Runtime runtime = Runtime.getRuntime();
        body.put(
                "memory",
                Map.of(
                        "workers_lua_vms",
                        List.of(Map.of(
                                "pid",
                                ProcessHandle.current().pid(),
                                "http_allocated_gc",
                                size(runtime.totalMemory() - runtime.freeMemory(), unit, Integer.parseInt(scale)))),
                        "lua_shared_dicts",
                        Map.of()));
        ConnectionGauges connections = node.connections();
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("connections_accepted", connections.accepted());
        server.put("connections_active", connections.active());
        server.put("connections_handled", connections.handled());
        server.put("connections_reading", connections.reading());
        server.put("connections_waiting", connections.waiting());
        server.put("connections_writing", connections.writing());
        server.put("total_requests", connections.requests());
        body.put("server", server);
        body.put("configuration_hash", node.config().get().hash());
        body.put("cluster", cluster());
        body.put("limits", limits());
        return Answer.ok(body);
    }

    private Map<String, Object> limits() {
        Durability durability = node.durability().get();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("storage", durability.onDisk() ? "disk" : "memory");
        body.put("degraded", durability.degraded().isPresent());
        durability.degraded().ifPresent(why -> body.put("reason", why));
        return body;
    }

    private Map<String, Object> cluster() {
        Members members = node.membership().members();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("self", show(members.self()));
        body.put("in_contact", node.membership().inContact());
        body.put("members", members.all().stream().map(StatusEndpoints::show).toList());
        return body;
    }

    private static Map<String, Object> show(Member member) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", NodeId.show(member.id()));
        body.put("address", member.address());
        body.put("status", member.status().name().toLowerCase(Locale.ROOT));
        body.put("reachable", member.reachable());
        return body;
    }

    /** A number for bytes, else text with the unit behind it. */
    private static Object size(long bytes, String unit, int scale) {
        int power = POWERS.getOrDefault(unit, 0);
        if (power == 0) {
            return bytes;
        }
        double number = bytes / Math.pow(1024, power);
        return String.format(Locale.ROOT, "%." + scale + "f %siB", number, unit.toUpperCase(Locale.ROOT));
    }
}
