package io.sluice.state.model;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A virtual host name with several targets. {@code healthchecks} is the validated settings tree with defaults (Kong's
 * layout: active, passive, threshold); its typed form belongs to the health checks. {@code options} is what Kong does not have.
 */
public record Upstream(
        UUID id,
        String name,
        Algorithm algorithm,
        int slots,
        HashOn hashOn,
        HashOn hashFallback,
        Map<String, String> hashArguments,
        @Nullable String hostHeader,
        @Nullable UUID clientCertificate,
        boolean useSrvName,
        Map<String, @Nullable Object> healthchecks,
        UpstreamOptions options,
        List<String> tags,
        long createdAt,
        long updatedAt)
        implements Entity {

    /** How a target is picked. */
    public enum Algorithm {
        ROUND_ROBIN,
        LEAST_CONNECTIONS,
        CONSISTENT_HASHING,
        LATENCY,
        POWER_OF_TWO_CHOICES,
        STICKY_SESSIONS
    }

    /** What consistent hashing hashes; its argument is in {@code hashArguments} under Kong's field name. */
    public enum HashOn {
        NONE,
        CONSUMER,
        IP,
        HEADER,
        COOKIE,
        PATH,
        QUERY_ARG,
        URI_CAPTURE
    }
}
