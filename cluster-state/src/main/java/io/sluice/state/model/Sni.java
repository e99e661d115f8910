package io.sluice.state.model;

import java.util.List;
import java.util.UUID;

/** A server name (exact, {@code *.x}, {@code x.*} or {@code *}) that a certificate is presented for. */
public record Sni(UUID id, String name, UUID certificate, List<String> tags, long createdAt, long updatedAt)
        implements Entity {}
