package io.sluice.node.route;

import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a look-up. For prefix and path-less rules this is one object per rule, made when the table is built.
 *
 * @param service the route's service; null for a route that only plugins answer
 * @param ordinal the route's position in the table's list of routes, for arrays kept beside it
 * @param matchedLength how many characters of the normalised path the rule consumed; 0 without a path rule
 * @param captures of a regular expression: "0" the whole match, "1".. the groups, and by name; empty otherwise
 */
public record RouteMatch(
        Route route, @Nullable Service service, int ordinal, int matchedLength, Map<String, String> captures) {}
