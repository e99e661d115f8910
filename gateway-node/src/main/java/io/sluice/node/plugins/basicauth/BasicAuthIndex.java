package io.sluice.node.plugins.basicauth;

import io.sluice.node.plugin.ConsumerIndex;
import io.sluice.node.plugin.PluginContext;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Credential;
import io.sluice.state.model.GatewayConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The user names of one revision. Immutable. */
final class BasicAuthIndex {

    /** Whose user name it is. */
    record Owner(Consumer consumer, UUID credential, String username, PasswordDigest password) {}

    private final Map<String, Owner> owners = new HashMap<>();

    private BasicAuthIndex(GatewayConfig config, ConsumerIndex consumers) {
        for (Credential credential : config.credentials()) {
            if (credential instanceof Credential.BasicAuth user) {
                consumers
                        .find(user.consumer())
                        .ifPresent(consumer -> owners.put(user.username(), owner(user, consumer)));
            }
        }
    }

    static BasicAuthIndex of(PluginContext context) {
        ConsumerIndex consumers = ConsumerIndex.of(context);
        return context.derived(BasicAuthIndex.class, config -> new BasicAuthIndex(config, consumers));
    }

    /** The owner of a user name; null if nobody has it. */
    @Nullable
    Owner find(String username) {
        return owners.get(username);
    }

    private static Owner owner(Credential.BasicAuth user, Consumer consumer) {
        return new Owner(consumer, user.id(), user.username(), PasswordDigest.of(user.password(), consumer.id()));
    }
}
