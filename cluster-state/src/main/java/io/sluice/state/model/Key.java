package io.sluice.state.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A cryptographic key as JWK text or as a PEM pair. */
public record Key(
        UUID id,
        @Nullable UUID set,
        @Nullable String name,
        String kid,
        @Nullable String jwk,
        @Nullable String publicKey,
        @Nullable String privateKey,
        List<String> tags,
        long createdAt,
        long updatedAt)
        implements Entity {

    /** Keeps private keys out of logs. */
    @Override
    public String toString() {
        return "Key[id=" + id + ", kid=" + kid + "]";
    }
}
