package io.sluice.state.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a consumer proves its identity with, or (acls) what it may use. Secrets stay out of {@code toString}. */
public sealed interface Credential extends Entity {

    /** The consumer that owns it. */
    UUID consumer();

    /** Seconds since the epoch. */
    long createdAt();

    /** An API key. {@code ttl} is seconds after createdAt, null for ever. */
    record KeyAuth(
            UUID id, UUID consumer, String key, @Nullable Integer ttl, List<String> tags, long createdAt)
            implements Credential {
        @Override
        public String toString() {
            return "KeyAuth[id=" + id + "]";
        }
    }

    /** A user name and the stored form of its password: SHA-1 in hex of the password followed by the consumer's id. */
    record BasicAuth(UUID id, UUID consumer, String username, String password, List<String> tags, long createdAt)
            implements Credential {
        @Override
        public String toString() {
            return "BasicAuth[id=" + id + "]";
        }
    }

    /** A user name and its secret for signed requests. */
    record HmacAuth(UUID id, UUID consumer, String username, String secret, List<String> tags, long createdAt)
            implements Credential {
        @Override
        public String toString() {
            return "HmacAuth[id=" + id + "]";
        }
    }

    /** The key that tokens name and the secret or public key they are signed with. */
    record JwtSecret(
            UUID id,
            UUID consumer,
            String key,
            String secret,
            @Nullable String rsaPublicKey,
            String algorithm,
            List<String> tags,
            long createdAt)
            implements Credential {
        @Override
        public String toString() {
            return "JwtSecret[id=" + id + "]";
        }
    }

    /** An OAuth 2 client. */
    record OAuth2(
            UUID id,
            UUID consumer,
            String name,
            String clientId,
            String clientSecret,
            boolean hashSecret,
            List<String> redirectUris,
            String clientType,
            List<String> tags,
            long createdAt)
            implements Credential {
        @Override
        public String toString() {
            return "OAuth2[id=" + id + "]";
        }
    }

    /** A name in client certificates; {@code caCertificate} is the authority that must have issued them, null for any. */
    record MtlsAuth(
            UUID id,
            UUID consumer,
            String subjectName,
            @Nullable UUID caCertificate,
            List<String> tags,
            long createdAt) implements Credential {}

    /** Membership of a consumer in a group that acl plugins allow or deny. */
    record Acl(UUID id, UUID consumer, String group, List<String> tags, long createdAt) implements Credential {}
}
