package io.sluice.state.model.kind;

import io.sluice.state.model.CaCertificate;
import io.sluice.state.model.Certificate;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.ConsumerGroup;
import io.sluice.state.model.Credential;
import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Key;
import io.sluice.state.model.KeySet;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import io.sluice.state.model.Sni;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.Vault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Between a configuration and one list of all its entities. Pure. */
public final class Entities {

    private Entities() {}

    /** The configuration of these entities; the order within a kind is kept. References must resolve already. */
    public static GatewayConfig config(String hash, Collection<? extends Entity> entities) {
        return new GatewayConfig(
                hash,
                only(Service.class, entities),
                only(Route.class, entities),
                only(Consumer.class, entities),
                only(ConsumerGroup.class, entities),
                only(Credential.class, entities),
                only(PluginConfig.class, entities),
                only(Upstream.class, entities),
                only(Target.class, entities),
                only(Certificate.class, entities),
                only(Sni.class, entities),
                only(CaCertificate.class, entities),
                only(Vault.class, entities),
                only(KeySet.class, entities),
                only(Key.class, entities));
    }

    /** All entities, kind by kind. */
    public static List<Entity> of(GatewayConfig config) {
        List<Entity> all = new ArrayList<>();
        for (EntityKind kind : EntityKind.values()) {
            all.addAll(kind.entities(config));
        }
        return all;
    }

    private static <E extends Entity> List<E> only(Class<E> type, Collection<? extends Entity> entities) {
        return entities.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
