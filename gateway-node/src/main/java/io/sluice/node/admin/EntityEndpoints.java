package io.sluice.node.admin;

import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.kind.EntityKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Lists and details of every kind of entity, at its own path and below the kinds it refers to. Writes are answered as Kong does
 * without a database; a node with one adds its own handlers for the same paths after these.
 */
final class EntityEndpoints {

    private final ActorSystem<?> system;
    private final Supplier<GatewayConfig> config;

    EntityEndpoints(ActorSystem<?> system, Supplier<GatewayConfig> config) {
        this.system = system;
        this.config = config;
    }

    void addTo(EndpointTable table) {
        for (EntityKind kind : EntityKind.values()) {
            // Kong shows targets below their upstream only.
            if (kind != EntityKind.TARGET) {
                addTop(table, kind);
            }
            kind.foreignFields().forEach((field, parent) -> addBelow(table, parent, kind, field));
        }
    }

    private void addTop(EndpointTable table, EntityKind kind) {
        String path = "/" + kind.adminPath();
        String one = path + "/{" + kind.plural() + "}";
        table.get(path, Handler.now(call -> list(call, kind, entity -> true)));
        table.get(one, Handler.now(call -> answer(kind, found(call, kind))));
        refuseWrites(table, kind, path, one, call -> found(call, kind).isPresent());
        if (kind != EntityKind.SNI) {
            kind.foreignFields()
                    .forEach((field, parent) -> table.get(
                            one + "/" + field,
                            Handler.now(call -> answer(
                                    parent,
                                    found(call, kind)
                                            .flatMap(entity -> Lookup.reference(kind, entity, field))
                                            .flatMap(id -> Lookup.find(parent, config.get(), id.toString()))))));
        }
    }

    private void addBelow(EndpointTable table, EntityKind parent, EntityKind child, String field) {
        String path = "/" + parent.adminPath() + "/{" + parent.plural() + "}/" + child.nestedAdminPath();
        String one = path + "/{" + child.plural() + "}";
        Function<Entity, Predicate<Entity>> below =
                owner -> entity -> Lookup.reference(child, entity, field).equals(Optional.of(owner.id()));
        Function<Call, Optional<Entity>> find = call -> found(call, parent)
                .flatMap(owner -> Lookup.find(child, config.get(), call.parameter(child.plural()))
                        .filter(below.apply(owner)));
        table.get(
                path,
                Handler.now(call -> found(call, parent)
                        .map(owner -> list(call, child, below.apply(owner)))
                        .orElse(Answer.notFound())));
        table.get(one, Handler.now(call -> answer(child, find.apply(call))));
        refuseWrites(table, child, path, one, call -> find.apply(call).isPresent());
    }

    private void refuseWrites(EndpointTable table, EntityKind kind, String path, String one, Predicate<Call> exists) {
        table.add("POST", path, call -> call.unread(system, refused(kind, "create")));
        table.add("PUT", one, call -> call.unread(system, refused(kind, "create or update")));
        table.add(
                "PATCH",
                one,
                call -> call.unread(system, exists.test(call) ? refused(kind, "update") : Answer.notFound()));
        // Removing what is not there is Kong's success, with or without a database.
        table.add(
                "DELETE",
                one,
                call -> call.unread(system, exists.test(call) ? refused(kind, "remove") : Answer.empty(204)));
    }

    private static Answer refused(EntityKind kind, String verb) {
        return refused(kind.plural(), verb);
    }

    /** Kong's refusal of a write without a database. */
    static Answer refused(String plural, String verb) {
        String message = "cannot " + verb + " '" + plural + "' entities when not using a database";
        return Answer.error(405, 12, "operation unsupported", message, Map.of());
    }

    private static Answer answer(EntityKind kind, Optional<Entity> entity) {
        return entity.map(one -> Answer.ok(kind.encode(one))).orElse(Answer.notFound());
    }

    private Optional<Entity> found(Call call, EntityKind kind) {
        return Lookup.find(kind, config.get(), call.parameter(kind.plural()));
    }

    private Answer list(Call call, EntityKind kind, Predicate<Entity> wanted) {
        Optional<String> customId = call.argument("custom_id").filter(id -> kind == EntityKind.CONSUMER);
        List<Entity> matching = kind.entities(config.get()).stream()
                .map(entity -> (Entity) entity)
                .filter(wanted)
                .filter(entity -> customId.isEmpty()
                        || customId.get().equals(kind.encode(entity).get("custom_id")))
                .toList();
        return Page.of(call, matching, entity -> entity.id().toString(), Entity::tags, kind::encode);
    }
}
