package io.sluice.state.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Someone who uses the services; at least one of username and customId is set. {@code groups} are consumer group ids. */
public record Consumer(
        UUID id,
        @Nullable String username,
        @Nullable String customId,
        List<UUID> groups,
        List<String> tags,
        long createdAt,
        long updatedAt)
        implements Entity {}
