package io.sluice.node.plugins.jwt;

import io.sluice.node.plugin.ConsumerIndex;
import io.sluice.node.plugin.PluginContext;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Credential;
import io.sluice.state.model.GatewayConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The credentials of one revision, their keys read once. Immutable. */
final class JwtIndex {

    /**
     * Whose credential it is and how its tokens are verified.
     *
     * @param plain the check with the secret as written, or with the public key; null if that cannot be used
     * @param base64 the check with the secret decoded, or with the public key; null if that cannot be used
     */
    record Owner(
            Consumer consumer,
            UUID credential,
            String key,
            String algorithm,
            @Nullable SignatureCheck plain,
            @Nullable SignatureCheck base64) {}

    private final Map<String, Owner> owners = new HashMap<>();

    private JwtIndex(GatewayConfig config, ConsumerIndex consumers) {
        for (Credential credential : config.credentials()) {
            if (credential instanceof Credential.JwtSecret secret) {
                consumers
                        .find(secret.consumer())
                        .ifPresent(consumer -> owners.put(secret.key(), owner(secret, consumer)));
            }
        }
    }

    static JwtIndex of(PluginContext context) {
        ConsumerIndex consumers = ConsumerIndex.of(context);
        return context.derived(JwtIndex.class, config -> new JwtIndex(config, consumers));
    }

    /** The owner of the credential with that key; null if there is none. */
    @Nullable
    Owner find(String key) {
        return owners.get(key);
    }

    private static Owner owner(Credential.JwtSecret secret, Consumer consumer) {
        String algorithm = secret.algorithm();
        Optional<SignatureCheck> plain;
        Optional<SignatureCheck> base64;
        if (SignatureCheck.symmetric(algorithm)) {
            plain = SignatureCheck.hmac(algorithm, secret.secret().getBytes(StandardCharsets.UTF_8));
            base64 = decoded(secret.secret()).flatMap(bytes -> SignatureCheck.hmac(algorithm, bytes));
        } else {
            plain = Optional.ofNullable(secret.rsaPublicKey())
                    .flatMap(pem -> PemKey.parse(pem, algorithm))
                    .flatMap(key -> SignatureCheck.publicKey(algorithm, key));
            base64 = plain;
        }
        return new Owner(consumer, secret.id(), secret.key(), algorithm, plain.orElse(null), base64.orElse(null));
    }

    /** Base64 of either alphabet, with or without padding. */
    private static Optional<byte[]> decoded(String secret) {
        try {
            return Optional.of(
                    Base64.getUrlDecoder().decode(secret.replace('+', '-').replace('/', '_')));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
