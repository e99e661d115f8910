package io.sluice.state.model;

import java.util.List;

/**
 * Everything the gateway should do, as one immutable value. Every reference between entities inside it resolves; lists keep
 * the order of their source. {@code hash} is 32 lower-case hex digits identifying the content, 32 zeros for the empty one.
 */
public record GatewayConfig(
        String hash,
        List<Service> services,
        List<Route> routes,
        List<Consumer> consumers,
        List<ConsumerGroup> consumerGroups,
        List<Credential> credentials,
        List<PluginConfig> plugins,
        List<Upstream> upstreams,
        List<Target> targets,
        List<Certificate> certificates,
        List<Sni> snis,
        List<CaCertificate> caCertificates,
        List<Vault> vaults,
        List<KeySet> keySets,
        List<Key> keys) {

    /** The hash Kong reports for "nothing configured yet". */
    public static final String EMPTY_HASH = "0".repeat(32);

    /** A configuration with nothing in it. */
    public static final GatewayConfig EMPTY = new GatewayConfig(
            EMPTY_HASH,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
}
