package io.sluice.node.plugin;

import io.sluice.state.limit.LimitRule;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One kind of plugin: its name, its place in the order, its settings and how to make it. Built-in factories are listed in
 * {@code BuiltInPlugins}; a third party's is found by {@link java.util.ServiceLoader}. Stateless; any thread.
 */
public interface PluginFactory {

    /** The name in configuration, for example {@code key-auth}. */
    String name();

    /** Higher runs earlier, in every phase; Kong's number for Kong's plugins. */
    int priority();

    /** Reported by the Admin API. */
    default String version() {
        return "3.9.1";
    }

    /** The shape of {@code config}, with defaults and rules. */
    Schema settings();

    /** The phases it takes part in; it is not called in others. */
    Set<Phase> phases();

    /** The protocols a configuration applies to unless it says otherwise. */
    default Set<Protocol> protocols() {
        return Set.of(Protocol.GRPC, Protocol.GRPCS, Protocol.HTTP, Protocol.HTTPS);
    }

    /** Whether a configuration may be scoped to a consumer (or consumer group). */
    default boolean consumerScope() {
        return true;
    }

    /**
     * Names of the query arguments and headers in which requests carry credentials for this configuration: logs show them
     * without their values.
     *
     * @param settings checked by {@link #settings()}, with every default
     */
    default Set<String> secretNames(Settings settings) {
        return Set.of();
    }

    /**
     * Whether clients are asked for a certificate in TLS handshakes for the routes of a configuration, and which authorities
     * they are told.
     *
     * @param settings checked by {@link #settings()}, with every default
     * @return ids of {@code ca_certificates}, none if clients are not told any; empty if they are not asked
     */
    default Optional<List<UUID>> clientAuthorities(Settings settings) {
        return Optional.empty();
    }

    /**
     * The rules ({@link LimitRule#id}) that a configuration counts by, in the order of their names; none if each has only the
     * configuration's own.
     *
     * @param settings checked by {@link #settings()}, with every default
     */
    default Map<String, UUID> namedLimits(UUID plugin, Settings settings) {
        return Map.of();
    }

    /**
     * Makes the plugin for one configuration. Called off the event loops, once per revision of the gateway's configuration.
     *
     * @param settings checked by {@link #settings()}, with every default
     * @throws IllegalArgumentException if the settings cannot be used here (for example an unreadable file); the message is
     *     shown to the user and the whole revision is refused
     */
    Plugin create(Settings settings, PluginContext context);
}
