package io.sluice.state.model;

import java.util.List;
import java.util.UUID;

/**
 * One address behind an upstream. {@code target} is the normalised {@code host:port} (IPv6 in brackets); weight 0 to 65535,
 * 0 is never used. Times are seconds with milliseconds.
 */
public record Target(
        UUID id, UUID upstream, String target, int weight, List<String> tags, double createdAt, double updatedAt)
        implements Entity {}
