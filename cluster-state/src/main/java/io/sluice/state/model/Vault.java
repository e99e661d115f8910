package io.sluice.state.model;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A source of secrets: references {@code {vault://prefix/...}} are resolved by the named backend. */
public record Vault(
        UUID id,
        String prefix,
        String name,
        @Nullable String description,
        Map<String, @Nullable Object> config,
        List<String> tags,
        long createdAt,
        long updatedAt)
        implements Entity {}
