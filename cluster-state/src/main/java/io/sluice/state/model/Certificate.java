package io.sluice.state.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A certificate chain and its private key in PEM, optionally a second pair of another key type. */
public record Certificate(
        UUID id,
        String cert,
        String key,
        @Nullable String certAlt,
        @Nullable String keyAlt,
        List<String> tags,
        long createdAt,
        long updatedAt)
        implements Entity {

    /** Keeps private keys out of logs. */
    @Override
    public String toString() {
        return "Certificate[id=" + id + "]";
    }
}
