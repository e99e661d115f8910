package io.sluice.node.admin;

import io.sluice.node.config.document.EntityCheck;
import io.sluice.node.observe.ConnectionGauges;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.upstream.UpstreamHealth;
import io.sluice.state.limit.KeyView;
import io.sluice.state.limit.disk.Durability;
import io.sluice.state.membership.Membership;
import io.sluice.state.model.GatewayConfig;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What the APIs ask of the node they look into. All suppliers answer at once from snapshots, on any thread.
 *
 * @param config the configuration that requests see now, as it was declared
 * @param plugins the enabled ones
 * @param check of single entities, the same as for the whole configuration
 * @param metrics the text of {@code /metrics}
 * @param connections counts of client connections
 * @param readiness whether the node should get requests
 * @param health of targets
 * @param membership the cluster this node is in
 * @param limits what is known of limits over all nodes
 * @param durability whether what they have spent outlives the cluster
 */
public record AdminNode(
        UUID nodeId,
        NodeSettings settings,
        Supplier<GatewayConfig> config,
        PluginRegistry plugins,
        EntityCheck check,
        Supplier<String> metrics,
        ConnectionGauges connections,
        Readiness readiness,
        UpstreamHealth health,
        Membership membership,
        LimitViews limits,
        Supplier<Durability> durability,
        LogLevel logLevel,
        InstantSource clock) {

    /** What this node knows of limits over all nodes. */
    public interface LimitViews {

        /**
         * What it knows of one key; empty if no open rule has this id.
         *
         * @param key as the plugin counts it
         */
        Optional<KeyView> of(UUID rule, String key);
    }

    /** How much the node logs. */
    public interface LogLevel {

        /** Kong's word for the level now. */
        String word();

        /** Another level for some seconds, 0 for good. */
        void change(String word, long seconds);
    }
}
