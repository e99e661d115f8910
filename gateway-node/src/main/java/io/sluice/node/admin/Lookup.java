package io.sluice.node.admin;

import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Sni;
import io.sluice.state.model.kind.EntityKind;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Finds single entities in a configuration. */
final class Lookup {

    private Lookup() {}

    /** The one with that id or name; a certificate also by one of its server names. */
    static Optional<Entity> find(EntityKind kind, GatewayConfig config, String idOrKey) {
        Optional<UUID> id = uuid(idOrKey);
        Optional<Entity> byId = id.flatMap(wanted -> kind.entities(config).stream()
                .filter(entity -> entity.id().equals(wanted))
                .map(Entity.class::cast)
                .findFirst());
        if (byId.isPresent()) {
            return byId;
        }
        if (kind == EntityKind.CERTIFICATE) {
            return config.snis().stream()
                    .filter(sni -> sni.name().equals(idOrKey))
                    .map(Sni::certificate)
                    .findFirst()
                    .flatMap(certificate -> find(kind, config, certificate.toString()));
        }
        return kind.endpointKey()
                .flatMap(key -> kind.entities(config).stream()
                        .filter(entity -> idOrKey.equals(kind.encode(entity).get(key)))
                        .map(Entity.class::cast)
                        .findFirst());
    }

    /** The id that a foreign field of an entity holds. */
    static Optional<UUID> reference(EntityKind kind, Entity entity, String field) {
        return kind.encode(entity).get(field) instanceof Map<?, ?> reference
                ? uuid(String.valueOf(reference.get("id")))
                : Optional.empty();
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
