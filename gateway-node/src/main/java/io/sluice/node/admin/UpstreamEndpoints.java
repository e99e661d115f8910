package io.sluice.node.admin;

import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Targets of an upstream, the latest of each address, and their health. */
final class UpstreamEndpoints {

    private final AdminNode node;

    UpstreamEndpoints(AdminNode node) {
        this.node = node;
    }

    void addTo(EndpointTable table) {
        String one = "/upstreams/{upstreams}";
        table.get(one + "/targets", below((call, upstream) -> list(call, latest(upstream))));
        table.get(one + "/targets/all", below((call, upstream) -> list(call, all(upstream))));
        table.get(one + "/health", below(this::health));
    }

    private Handler below(BiFunction<Call, Upstream, Answer> answer) {
        return Handler.now(
                call -> Lookup.find(EntityKind.UPSTREAM, node.config().get(), call.parameter("upstreams"))
                        .filter(Upstream.class::isInstance)
                        .map(upstream -> answer.apply(call, (Upstream) upstream))
                        .orElse(Answer.notFound()));
    }

    private Answer list(Call call, List<Target> some) {
        return Page.of(call, some, target -> target.id().toString(), Entity::tags, EntityKind.TARGET::encode);
    }

    private List<Target> all(Upstream upstream) {
        GatewayConfig config = node.config().get();
        return config.targets().stream()
                .filter(target -> target.upstream().equals(upstream.id()))
                .toList();
    }

    /** A later target of the same address replaces an earlier one. */
    private List<Target> latest(Upstream upstream) {
        Map<String, Target> byAddress = new LinkedHashMap<>();
        all(upstream).forEach(target -> byAddress.put(target.target(), target));
        return new ArrayList<>(byAddress.values());
    }

    private Answer health(Call call, Upstream upstream) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        if (call.isOn("balancer_health")) {
            boolean healthy = latest(upstream).stream().anyMatch(target -> usable(upstream, target));
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("id", upstream.id().toString());
            data.put("health", healthy ? "HEALTHY" : "UNHEALTHY");
            body.put("data", data);
        } else {
            Answer page = Page.of(
                    call,
                    latest(upstream),
                    target -> target.id().toString(),
                    Entity::tags,
                    target -> row(upstream, target));
            if (page.status() != 200 || !(page.body() instanceof Map<?, ?> list)) {
                return page;
            }
            list.forEach((name, value) -> body.put(String.valueOf(name), value));
        }
        body.put("node_id", node.nodeId().toString());
        return Answer.ok(body);
    }

    private boolean usable(Upstream upstream, Target target) {
        String health = node.health().of(upstream.id(), target.target());
        return target.weight() > 0 && (health.equals("HEALTHY") || health.equals("HEALTHCHECKS_OFF"));
    }

    private Map<String, @Nullable Object> row(Upstream upstream, Target target) {
        String health = node.health().of(upstream.id(), target.target());
        Map<String, @Nullable Object> row = new LinkedHashMap<>(EntityKind.TARGET.encode(target));
        row.put("health", health);
        int colon = target.target().lastIndexOf(':');
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("host", target.target().substring(0, Math.max(colon, 0)));
        data.put(
                "port",
                Optional.of(target.target().substring(colon + 1))
                        .map(Long::parseLong)
                        .orElseThrow());
        data.put("nodeWeight", target.weight());
        int available = usable(upstream, target) ? target.weight() : 0;
        data.put(
                "weight",
                Map.of("total", target.weight(), "available", available, "unavailable", target.weight() - available));
        row.put("data", data);
        return row;
    }
}
