package io.sluice.node.route;

import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule before it has its rank.
 *
 * @param ordinal the route's position in the table
 */
record RuleDraft(
        Route route,
        @Nullable Service service,
        int ordinal,
        Paths paths,
        List<HostPattern> hosts,
        List<HeaderRule> headers,
        List<HostPattern> serverNames) {

    /** The length of the rule's prefixes, all the same; 0 if it has none. */
    int prefixLength() {
        return paths.prefixes().isEmpty() ? 0 : paths.prefixes().get(0).length();
    }

    /** A group of paths that have one place in the order: prefixes of one length, or patterns, or nothing at all. */
    record Paths(List<String> prefixes, List<PathPattern> patterns) {
        static final Paths ANY = new Paths(List.of(), List.of());

        boolean isEmpty() {
            return prefixes.isEmpty() && patterns.isEmpty();
        }
    }
}
