package io.sluice.node.plugins.keyauth;

import io.sluice.node.plugin.ConsumerIndex;
import io.sluice.node.plugin.Header;
import io.sluice.node.plugin.PluginContext;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Credential;
import io.sluice.state.model.GatewayConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The keys of one revision. Immutable. */
final class KeyAuthIndex {

    /**
     * Whose key it is.
     *
     * @param identifier the credential's id as text
     * @param expiresAt milliseconds since the epoch
     */
    record Owner(Consumer consumer, UUID credential, String identifier, long expiresAt) {}

    private final Map<Secret, Owner> owners = new HashMap<>();

    private KeyAuthIndex(GatewayConfig config, ConsumerIndex consumers) {
        for (Credential credential : config.credentials()) {
            if (credential instanceof Credential.KeyAuth key) {
                consumers
                        .find(key.consumer())
                        .ifPresent(consumer -> owners.put(new Secret(Header.encoded(key.key())), owner(key, consumer)));
            }
        }
    }

    static KeyAuthIndex of(PluginContext context) {
        ConsumerIndex consumers = ConsumerIndex.of(context);
        return context.derived(KeyAuthIndex.class, config -> new KeyAuthIndex(config, consumers));
    }

    /** The owner of a key as headers carry it; null if nobody has it. */
    @Nullable
    Owner find(String key) {
        return owners.get(new Secret(key));
    }

    private static Owner owner(Credential.KeyAuth key, Consumer consumer) {
        Integer ttl = key.ttl();
        long expiresAt = ttl == null ? Long.MAX_VALUE : (key.createdAt() + ttl) * 1000;
        return new Owner(consumer, key.id(), key.id().toString(), expiresAt);
    }

    /** A key whose comparison takes the same time wherever two of one length differ. */
    private static final class Secret {
        private final String text;

        Secret(String text) {
            this.text = text;
        }

        @Override
        public boolean equals(Object other) {
            if (!(other instanceof Secret that) || that.text.length() != text.length()) {
                return false;
            }
            int different = 0;
            for (int i = 0; i < text.length(); i++) {
                different |= text.charAt(i) ^ that.text.charAt(i);
            }
            return different == 0;
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }
}
