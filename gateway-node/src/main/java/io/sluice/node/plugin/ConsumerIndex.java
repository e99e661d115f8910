package io.sluice.node.plugin;

import io.sluice.state.model.Consumer;
import io.sluice.state.model.GatewayConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The consumers of one revision; get it by {@link #of(PluginContext)}. Immutable. */
public final class ConsumerIndex {

    private final Map<UUID, Consumer> byId = new HashMap<>();
    private final Map<String, Consumer> byName = new HashMap<>();

    /** The index of a configuration. */
    public ConsumerIndex(GatewayConfig config) {
        for (Consumer consumer : config.consumers()) {
            byId.put(consumer.id(), consumer);
            if (consumer.username() != null) {
                byName.put(consumer.username(), consumer);
            }
        }
        byId.forEach(
                (id, consumer) -> byName.put(id.toString(), consumer)); // an id wins over a name that looks like it
    }

    /** The index of the context's revision, built once. */
    public static ConsumerIndex of(PluginContext context) {
        return context.derived(ConsumerIndex.class, ConsumerIndex::new);
    }

    /** The consumer of that id. */
    public Optional<Consumer> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The consumer whose id (in lower case) or username this is. */
    public Optional<Consumer> find(String idOrUsername) {
        return Optional.ofNullable(byName.get(idOrUsername));
    }
}
