package io.sluice.node.admin;

import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.kind.EntityKind;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/** Endpoints of parts that Kong has and this gateway has not, answered as by a Kong that does not use them. */
final class AbsentEndpoints {

    private static final Answer NO_CONTROL_PLANE = Answer.message(
            400, "this endpoint is only available when Kong is configured to run as Control Plane for the cluster");

    private static final Answer NO_WASM = Answer.message(400, "this endpoint is only available when wasm is enabled");

    /** Tokens are made by the oauth2 plugin, which needs a database. */
    private static final String TOKENS = "oauth2_tokens";

    private final ActorSystem<?> system;
    private final Supplier<GatewayConfig> config;

    AbsentEndpoints(ActorSystem<?> system, Supplier<GatewayConfig> config) {
        this.system = system;
        this.config = config;
    }

    void addTo(EndpointTable table) {
        for (String path : List.of("/clustering/data-planes", "/clustering/status")) {
            table.get(path, Handler.now(call -> NO_CONTROL_PLANE));
        }
        addFilterChains(table);
        addTokens(table);
        // Nothing is kept under keys, so there is nothing to show, and whatever is to be dropped is gone.
        table.get("/cache/{key}", Handler.now(call -> Answer.notFound()));
        table.add("DELETE", "/cache/{key}", call -> call.unread(system, Answer.empty(204)));
        table.add("DELETE", "/cache", call -> call.unread(system, Answer.empty(204)));
        table.add(
                "PUT",
                "/debug/cluster/log-level/{level}",
                call -> call.unread(system, Answer.message(405, "cannot change log level when not using a database")));
    }

    private void addFilterChains(EndpointTable table) {
        for (String path : List.of("/filter-chains", "/filter-chains/{filter_chains}")) {
            table.get(path, Handler.now(call -> NO_WASM));
            for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
                table.add(method, path, call -> call.unread(system, NO_WASM));
            }
        }
        addEmptyList(table, EntityKind.SERVICE, "filter-chains");
        addEmptyList(table, EntityKind.ROUTE, "filter-chains");
    }

    private void addTokens(EndpointTable table) {
        String one = "/" + TOKENS + "/{" + TOKENS + "}";
        table.get("/" + TOKENS, Handler.now(AbsentEndpoints::emptyPage));
        table.get(one, Handler.now(call -> Answer.notFound()));
        table.add("POST", "/" + TOKENS, call -> call.unread(system, EntityEndpoints.refused(TOKENS, "create")));
        table.add("PUT", one, call -> call.unread(system, EntityEndpoints.refused(TOKENS, "create or update")));
        table.add("PATCH", one, call -> call.unread(system, Answer.notFound()));
        table.add("DELETE", one, call -> call.unread(system, Answer.empty(204)));
        addEmptyList(table, EntityKind.SERVICE, TOKENS);
        addEmptyList(table, EntityKind.OAUTH2_CREDENTIAL, TOKENS);
    }

    private void addEmptyList(EndpointTable table, EntityKind parent, String child) {
        table.get(
                "/" + parent.adminPath() + "/{" + parent.plural() + "}/" + child,
                Handler.now(call -> Lookup.find(parent, config.get(), call.parameter(parent.plural()))
                        .map(owner -> emptyPage(call))
                        .orElse(Answer.notFound())));
    }

    private static Answer emptyPage(Call call) {
        return Page.of(call, List.<String>of(), id -> id, id -> List.of(), id -> id);
    }
}
