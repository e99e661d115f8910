package io.sluice.state.model;

import java.util.List;
import java.util.UUID;

/** A trusted certificate authority in PEM; {@code certDigest} is the SHA-256 of its DER form in hex. */
public record CaCertificate(UUID id, String cert, String certDigest, List<String> tags, long createdAt, long updatedAt)
        implements Entity {}
