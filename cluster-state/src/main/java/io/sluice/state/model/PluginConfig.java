package io.sluice.state.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One configuration of a plugin and the scope it applies to; all scope fields null is global. {@code config} is the
 * settings tree after validation with every default filled in (values: String, Boolean, Long, Double, List, Map, null).
 */
public record PluginConfig(
        UUID id,
        String name,
        @Nullable String instanceName,
        Map<String, @Nullable Object> config,
        boolean enabled,
        Set<Protocol> protocols,
        @Nullable UUID route,
        @Nullable UUID service,
        @Nullable UUID consumer,
        @Nullable UUID consumerGroup,
        List<String> tags,
        long createdAt,
        long updatedAt)
        implements Entity {}
