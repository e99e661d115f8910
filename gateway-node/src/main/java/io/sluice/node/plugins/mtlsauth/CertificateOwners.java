package io.sluice.node.plugins.mtlsauth;

import io.sluice.node.plugin.ConsumerIndex;
import io.sluice.node.plugin.PluginContext;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Credential;
import io.sluice.state.model.GatewayConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whose names stand in certificates, in one revision. Immutable. */
final class CertificateOwners {

    /**
     * Whose certificate it is.
     *
     * @param credential the id of the entity that says so, else the consumer's
     */
    record Owner(Consumer consumer, UUID credential) {}

    private record Name(String subject, @Nullable UUID authority) {}

    private final Map<Name, Owner> mapped = new HashMap<>();
    private final Map<String, Consumer> usernames = new HashMap<>();
    private final Map<String, Consumer> customIds = new HashMap<>();

    private CertificateOwners(GatewayConfig config, ConsumerIndex consumers) {
        for (Consumer consumer : config.consumers()) {
            if (consumer.username() != null) {
                usernames.put(consumer.username(), consumer);
            }
            if (consumer.customId() != null) {
                customIds.put(consumer.customId(), consumer);
            }
        }
        for (Credential credential : config.credentials()) {
            if (credential instanceof Credential.MtlsAuth name) {
                consumers
                        .find(name.consumer())
                        .ifPresent(owner -> mapped.put(
                                new Name(name.subjectName(), name.caCertificate()), new Owner(owner, name.id())));
            }
        }
    }

    static CertificateOwners of(PluginContext context) {
        ConsumerIndex consumers = ConsumerIndex.of(context);
        return context.derived(CertificateOwners.class, config -> new CertificateOwners(config, consumers));
    }

    /**
     * The owner: by names that are mapped for an issuer, then by names that are mapped for any, then by consumers' own names.
     *
     * @param names alternatives first
     * @return null if nobody has one of the names
     */
    @Nullable
    Owner find(List<String> names, List<UUID> issuers, MtlsAuthSettings settings) {
        for (String name : names) {
            for (UUID issuer : issuers) {
                Owner owner = mapped.get(new Name(name, issuer));
                if (owner != null) {
                    return owner;
                }
            }
        }
        for (String name : names) {
            Owner owner = mapped.get(new Name(name, null));
            if (owner != null) {
                return owner;
            }
        }
        for (String name : names) {
            Consumer consumer = settings.byUsername() ? usernames.get(name) : null;
            if (consumer == null && settings.byCustomId()) {
                consumer = customIds.get(name);
            }
            if (consumer != null) {
                return new Owner(consumer, consumer.id());
            }
        }
        return null;
    }
}
