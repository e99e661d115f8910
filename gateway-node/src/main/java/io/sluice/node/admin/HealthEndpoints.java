package io.sluice.node.admin;

import io.sluice.node.upstream.UpstreamView;
import io.sluice.state.model.Entity;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.kind.EntityKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/** How an upstream and its targets fare, and what people say of them. */
final class HealthEndpoints {

    private static final String ONE = "/upstreams/{upstreams}";

    private final ActorSystem<?> system;
    private final AdminNode node;
    private final UpstreamEndpoints upstreams;

    HealthEndpoints(ActorSystem<?> system, AdminNode node, UpstreamEndpoints upstreams) {
        this.system = system;
        this.node = node;
        this.upstreams = upstreams;
    }

    /** What both APIs have. */
    void addTo(EndpointTable table) {
        table.get(ONE + "/health", upstreams.below(this::health));
    }

    /** What only the Admin API has. */
    void addMarksTo(EndpointTable table) {
        String target = ONE + "/targets/{targets}";
        for (boolean healthy : new boolean[] {true, false}) {
            String word = healthy ? "/healthy" : "/unhealthy";
            for (String method : List.of("PUT", "POST")) {
                table.add(method, target + word, call -> mark(call, Optional.empty(), healthy));
                table.add(
                        method,
                        target + "/{address}" + word,
                        call -> mark(call, Optional.of(call.parameter("address")), healthy));
            }
        }
    }

    private CompletionStage<Answer> mark(Call call, Optional<String> address, boolean healthy) {
        call.http().discardEntityBytes(system);
        Optional<Upstream> upstream = upstreams.find(call);
        Optional<Target> target = upstream.flatMap(owner -> target(owner, call.parameter("targets")));
        if (upstream.isEmpty() || target.isEmpty()) {
            return Answer.notFound().now();
        }
        String name = upstream.get().name();
        if (!view(upstream.get()).checked()) {
            return Answer.message(
                            400,
                            "upstream '" + name + "' has no health checks (expected: an interval of active ones"
                                    + " or a limit of failures of passive ones)")
                    .now();
        }
        return node.health()
                .mark(name, target.get().target(), address, healthy)
                .thenApply(known -> known ? Answer.empty(204) : Answer.notFound());
    }

    private Optional<Target> target(Upstream upstream, String idOrName) {
        return upstreams.latest(upstream).stream()
                .filter(target -> target.id().toString().equals(idOrName)
                        || target.target().equals(idOrName))
                .findFirst();
    }

    private UpstreamView view(Upstream upstream) {
        return node.health()
                .view(upstream.name())
                .orElseGet(() -> new UpstreamView(upstream.id(), upstream.name(), false, true, List.of()));
    }

    private Answer health(Call call, Upstream upstream) {
        UpstreamView view = view(upstream);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        if (call.isOn("balancer_health")) {
            body.put("data", balancer(upstream, view));
            body.put("next", null);
        } else {
            Answer page = Page.of(
                    call,
                    upstreams.latest(upstream),
                    target -> target.id().toString(),
                    Entity::tags,
                    target -> row(view, target));
            if (page.status() != 200 || !(page.body() instanceof Map<?, ?> list)) {
                return page;
            }
            list.forEach((name, value) -> body.put(String.valueOf(name), value));
        }
        body.put("node_id", node.nodeId().toString());
        return Answer.ok(body);
    }

    /** The upstream as a whole. */
    private Map<String, Object> balancer(Upstream upstream, UpstreamView view) {
        List<UpstreamView.Target> targets = upstreams.latest(upstream).stream()
                .map(target -> of(view, target))
                .toList();
        int total = targets.stream().mapToInt(UpstreamView.Target::total).sum();
        int available =
                targets.stream().mapToInt(UpstreamView.Target::available).sum();
        boolean healthy = view.healthy() && available > 0;
        String word = healthy ? "HEALTHY" : "UNHEALTHY";
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("healthy", healthy);
        details.put("weight", weight(total, available));
        details.put(
                "hosts",
                targets.stream()
                        .map(target -> host(
                                target,
                                address -> Map.of(
                                        "ip", address.ip(),
                                        "port", address.port(),
                                        "weight", address.weight(),
                                        "healthy", address.usable())))
                        .toList());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", upstream.id().toString());
        data.put("health", view.checked() ? word : "HEALTHCHECKS_OFF");
        data.put("balancer_health", word);
        data.put("details", details);
        return data;
    }

    private static Map<String, @Nullable Object> row(UpstreamView view, Target target) {
        UpstreamView.Target found = of(view, target);
        Map<String, @Nullable Object> row = new LinkedHashMap<>(EntityKind.TARGET.encode(target));
        row.put("health", view.word(found));
        row.put(
                "data",
                host(
                        found,
                        address -> Map.of(
                                "ip", address.ip(),
                                "port", address.port(),
                                "weight", address.weight(),
                                "health", view.word(address))));
        return row;
    }

    private interface Shown {
        Map<String, Object> of(UpstreamView.Address address);
    }

    private static Map<String, Object> host(UpstreamView.Target target, Shown shown) {
        Map<String, Object> host = new LinkedHashMap<>();
        host.put("host", target.host());
        host.put("port", target.port());
        host.put("dns", target.dns());
        host.put("nodeWeight", target.weight());
        host.put("weight", weight(target.total(), target.available()));
        host.put("addresses", target.addresses().stream().map(shown::of).toList());
        return host;
    }

    private static Map<String, Object> weight(int total, int available) {
        Map<String, Object> weight = new LinkedHashMap<>();
        weight.put("total", total);
        weight.put("available", available);
        weight.put("unavailable", total - available);
        return weight;
    }

    /** How a target fares; one that is so new that nothing is known of it has no addresses. */
    private static UpstreamView.Target of(UpstreamView view, Target target) {
        return view.targets().stream()
                .filter(known -> known.target().equals(target.target()))
                .findFirst()
                .orElseGet(() -> {
                    int colon = target.target().lastIndexOf(':');
                    return new UpstreamView.Target(
                            target.target(),
                            target.target().substring(0, colon),
                            Integer.parseInt(target.target().substring(colon + 1)),
                            target.weight(),
                            "no answer yet",
                            List.of());
                });
    }
}
