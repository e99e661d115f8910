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

/** Targets of an upstream, and the latest of each address. */
final class UpstreamEndpoints {

    private final AdminNode node;

    UpstreamEndpoints(AdminNode node) {
        this.node = node;
    }

    void addTo(EndpointTable table) {
        String one = "/upstreams/{upstreams}";
        table.get(one + "/targets", below((call, upstream) -> list(call, latest(upstream))));
        table.get(one + "/targets/all", below((call, upstream) -> list(call, all(upstream))));
    }

    /** An answer about the upstream that a call names. */
    Handler below(BiFunction<Call, Upstream, Answer> answer) {
        return Handler.now(
                call -> find(call).map(upstream -> answer.apply(call, upstream)).orElse(Answer.notFound()));
    }

    Optional<Upstream> find(Call call) {
        return Lookup.find(EntityKind.UPSTREAM, node.config().get(), call.parameter("upstreams"))
                .filter(Upstream.class::isInstance)
                .map(Upstream.class::cast);
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
    List<Target> latest(Upstream upstream) {
        Map<String, Target> byAddress = new LinkedHashMap<>();
        all(upstream).forEach(target -> byAddress.put(target.target(), target));
        return new ArrayList<>(byAddress.values());
    }
}
