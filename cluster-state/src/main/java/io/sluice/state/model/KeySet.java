package io.sluice.state.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A named set of cryptographic keys. */
public record KeySet(UUID id, @Nullable String name, List<String> tags, long createdAt, long updatedAt)
        implements Entity {}
