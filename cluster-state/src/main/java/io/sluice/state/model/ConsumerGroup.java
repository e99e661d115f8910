package io.sluice.state.model;

import java.util.List;
import java.util.UUID;

/** A named set of consumers that plugins can be scoped to (an extension to Kong's open source entities). */
public record ConsumerGroup(UUID id, String name, List<String> tags, long createdAt, long updatedAt)
        implements Entity {}
