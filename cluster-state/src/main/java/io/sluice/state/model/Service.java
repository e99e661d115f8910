package io.sluice.state.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An upstream API: where requests of its routes go. Timeouts are milliseconds (1 to 2^31-2) between two operations, not
 * totals. {@code tlsVerify} and {@code tlsVerifyDepth} null mean the node's global setting. Times are seconds since the epoch.
 */
public record Service(
        UUID id,
        @Nullable String name,
        Protocol protocol,
        String host,
        int port,
        @Nullable String path,
        int retries,
        int connectTimeout,
        int writeTimeout,
        int readTimeout,
        @Nullable UUID clientCertificate,
        @Nullable Boolean tlsVerify,
        @Nullable Integer tlsVerifyDepth,
        List<UUID> caCertificates,
        boolean enabled,
        List<String> tags,
        long createdAt,
        long updatedAt)
        implements Entity {}
