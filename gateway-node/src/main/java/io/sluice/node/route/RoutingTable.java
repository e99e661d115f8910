package io.sluice.node.route;

import io.sluice.state.model.Problem;
import io.sluice.state.model.Route;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.Service;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which route a request belongs to. Immutable: a change of configuration builds a new table while requests still read the old
 * one, so it may be read by any thread.
 *
 * <p>Every route becomes one rule per group of paths, and all rules get one order (see {@link RuleOrder}): the first that
 * matches wins. Nothing is tried in that order, though. Rules are filed by host, then by what their path begins with, then,
 * where many remain, by header value, server name and method; a search carries the best rank found so far and skips whatever
 * cannot be better. A look-up therefore costs about the logarithm of the number of routes, and allocates nothing unless the
 * winner's path is a regular expression or a header is compared that is not in lower case.
 *
 * <p>As in Kong, a route's protocols take no part: one for https only also matches on http, so that it can be answered by a
 * redirect. Routes for streams only are not in this table.
 */
public final class RoutingTable {
    /** A table in which nothing is found. */
    public static final RoutingTable EMPTY = build(List.of(), Map.of(), RouterFlavor.TRADITIONAL_COMPATIBLE);

    private final List<Route> routes;
    private final List<Problem> problems;
    private final HostIndex hosts;

    private RoutingTable(List<Route> routes, List<Problem> problems, HostIndex hosts) {
        this.routes = routes;
        this.problems = problems;
        this.hosts = hosts;
    }

    /**
     * The table of these routes. Takes time in proportion to their number (see the load test's results); call it outside of
     * an event loop. Routes of disabled services are left out silently, those that cannot be used with a problem each.
     *
     * @param services by id, all that the routes name
     */
    public static RoutingTable build(List<Route> routes, Map<UUID, Service> services, RouterFlavor flavor) {
        var compiler = new RuleCompiler(services, flavor);
        routes.forEach(compiler::add);
        return new RoutingTable(compiler.routes(), compiler.problems(), HostIndex.of(compiler.rules()));
    }

    /** The match of the request's route; null if none matches. */
    public @Nullable RouteMatch find(RouteRequest request) {
        return hosts.search(request).match();
    }

    /** The routes in the table; a match's ordinal is a position in it. */
    public List<Route> routes() {
        return routes;
    }

    /** What kept routes out of the table: a pattern that is none, a service that does not exist. Empty if all is well. */
    public List<Problem> problems() {
        return problems;
    }
}
