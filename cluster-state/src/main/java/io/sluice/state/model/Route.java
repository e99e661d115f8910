package io.sluice.state.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rule that selects requests. Empty collections mean "not restricted". {@code paths} starting with {@code ~} are regular
 * expressions. {@code service} null is a route that only plugins answer. Times are seconds since the epoch.
 */
public record Route(
        UUID id,
        @Nullable String name,
        @Nullable UUID service,
        Set<Protocol> protocols,
        List<String> methods,
        List<String> hosts,
        List<String> paths,
        Map<String, List<String>> headers,
        List<String> snis,
        List<Endpoint> sources,
        List<Endpoint> destinations,
        int regexPriority,
        boolean stripPath,
        PathHandling pathHandling,
        boolean preserveHost,
        int httpsRedirectStatusCode,
        boolean requestBuffering,
        boolean responseBuffering,
        List<String> tags,
        long createdAt,
        long updatedAt)
        implements Entity {

    /** How the service's path and the rest of the request's path are joined. */
    public enum PathHandling {
        V0,
        V1
    }

    /** A source or destination of a stream route: address or CIDR, port, or both. */
    public record Endpoint(@Nullable String ip, @Nullable Integer port) {}
}
