package io.sluice.k8s.translate.custom;

import io.sluice.k8s.api.KongCustomEntity;
import io.sluice.k8s.api.KongPlugin;
import io.sluice.k8s.api.PlainTree;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.api.WatchedKinds;
import io.sluice.k8s.translate.draft.Claims.Conflict;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.k8s.translate.plugin.PluginTranslator;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.kind.StableId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * KongCustomEntity: an entity of a kind without an object of its own, such as key sets. One that belongs to services, routes or
 * consumers gets those of the plugin that it names.
 */
public final class CustomEntityTranslator {

    private static final Set<EntityKind> OWN_OBJECTS = Set.of(
            EntityKind.SERVICE,
            EntityKind.ROUTE,
            EntityKind.UPSTREAM,
            EntityKind.TARGET,
            EntityKind.CONSUMER,
            EntityKind.CONSUMER_GROUP,
            EntityKind.PLUGIN);

    private final Context context;
    private final PluginTranslator plugins;

    public CustomEntityTranslator(Context context, PluginTranslator plugins) {
        this.context = context;
        this.plugins = plugins;
    }

    /** Puts the entities on the blueprint; a kind comes after the kinds it refers to. */
    public void translate() {
        List<KongCustomEntity> ours = context.objects().all(KongCustomEntity.class).stream()
                .filter(one -> one.controllerName().equals(context.settings().ingressClass()))
                .toList();
        for (EntityKind kind : EntityKind.values()) {
            ours.stream().filter(one -> one.type().equals(kind.plural())).forEach(one -> entity(one, kind));
        }
        ours.stream().filter(one -> EntityKind.of(one.type()).isEmpty()).forEach(this::unknown);
    }

    private void unknown(KongCustomEntity object) {
        String known = Arrays.stream(EntityKind.values())
                .filter(kind -> !OWN_OBJECTS.contains(kind))
                .map(EntityKind::plural)
                .sorted()
                .collect(Collectors.joining(", "));
        context.findings()
                .refuse(object.ref(), "spec.type", Quote.of(object.type()) + " (expected: one of " + known + ")");
    }

    private void entity(KongCustomEntity object, EntityKind kind) {
        if (OWN_OBJECTS.contains(kind)) {
            String reason = Quote.of(object.type()) + " (expected: a kind that has no object of its own)";
            context.findings().refuse(object.ref(), "spec.type", reason);
            return;
        }
        if (object.fields().containsKey("consumer")) {
            String expected = "is set (expected: parentRef to a plugin of the consumer)";
            context.findings().refuse(object.ref(), "spec.fields.consumer", expected);
            return;
        }
        List<Draft> drafts = new ArrayList<>();
        for (Map<String, Object> owners : owners(object, kind)) {
            drafts.add(draft(object, kind, owners));
        }
        boolean sound = !drafts.isEmpty();
        for (Draft draft : drafts) {
            List<Fault> faults = new ArrayList<>(context.faults(draft));
            references(draft, faults);
            context.refuse(object.ref(), "spec.fields", faults);
            sound &= faults.isEmpty();
        }
        if (sound && drafts.stream().allMatch(this::claim)) {
            context.findings().use(object.ref());
            context.blueprint().others().addAll(drafts);
        }
    }

    /** Whether nobody else has what only one may have. */
    private boolean claim(Draft draft) {
        Optional<Conflict> conflict = context.blueprint().claims().claim(draft);
        if (conflict.isEmpty() && draft.kind().cacheKey().size() > 1) {
            StringBuilder place = new StringBuilder();
            draft.kind()
                    .cacheKey()
                    .forEach(field -> place.append(draft.get(field)).append('\0'));
            place.setLength(place.length() - 1);
            conflict = context.blueprint()
                    .claims()
                    .claim(draft.kind().plural(), place.toString(), draft.source())
                    .map(owner -> new Conflict(draft.kind().cacheKey().get(0), owner));
        }
        conflict.ifPresent(one -> context.findings()
                .refuse(
                        draft.source(),
                        "spec.fields." + one.field(),
                        "is that of " + one.owner() + " (expected: another)"));
        return conflict.isEmpty();
    }

    private Draft draft(KongCustomEntity object, EntityKind kind, Map<String, Object> owners) {
        Draft draft = new Draft(kind, object.ref());
        PlainTree.of(object.fields()).forEach(draft::set);
        owners.forEach(draft::set);
        String name = object.metadata().namespace() + "/" + object.metadata().name() + (owners.isEmpty() ? "" : owners);
        if (draft.text("id").isEmpty()) {
            draft.set("id", StableId.of(kind.plural(), name).toString());
        }
        return draft.set("tags", context.tags(object.metadata()));
    }

    /** The services, routes or consumers that the parent plugin is for, as far as the kind has a field for them. */
    private List<Map<String, Object>> owners(KongCustomEntity object, EntityKind kind) {
        KongCustomEntity.Parent parent = object.parent();
        Set<String> fields = kind.foreignFields().keySet();
        if (parent == null || fields.stream().noneMatch(Set.of("service", "route", "consumer")::contains)) {
            return List.of(Map.of());
        }
        String namespace = parent.namespace().isEmpty() ? object.metadata().namespace() : parent.namespace();
        boolean ofCluster = parent.kind().equals("KongClusterPlugin");
        boolean there = parent.group().equals(WatchedKinds.KONG)
                && namespace.equals(object.metadata().namespace())
                && context.objects()
                        .find(KongPlugin.class, ofCluster ? "" : namespace, parent.name())
                        .isPresent();
        if (!there) {
            String expected = " (expected: a KongPlugin of namespace "
                    + object.metadata().namespace() + " or a KongClusterPlugin)";
            context.findings().refuse(object.ref(), "spec.parentRef", Quote.of(parent.name()) + expected);
            return List.of();
        }
        List<Map<String, Object>> owners = new ArrayList<>();
        for (Map<String, Object> place : plugins.attachments(namespace, parent.name())) {
            place.keySet().retainAll(fields);
            if (!place.isEmpty() && !owners.contains(place)) {
                owners.add(place);
            }
        }
        if (owners.isEmpty()) {
            String reason = Quote.of(parent.name()) + " is not applied to any " + String.join(" or ", fields);
            context.findings().refuse(object.ref(), "spec.parentRef", reason + " (expected: one)");
        }
        return owners;
    }

    /** Replaces references by ids; one that leads nowhere would be the whole configuration's end. */
    private void references(Draft draft, List<Fault> faults) {
        draft.kind().foreignFields().forEach((field, kind) -> {
            Object reference = draft.get(field);
            if (field.equals("consumer") && reference == null) {
                faults.add(new Fault(field, field, "is missing (expected: parentRef to a plugin of the consumer)"));
            } else if (reference != null && !OWN_OBJECTS.contains(kind)) {
                Optional<Draft> found = find(kind, reference);
                found.ifPresent(one -> draft.set(field, Map.of("id", one.text("id"))));
                if (found.isEmpty()) {
                    faults.add(new Fault(field, field, "leads nowhere (expected: one of the " + kind.plural() + ")"));
                }
            }
        });
    }

    private Optional<Draft> find(EntityKind kind, Object reference) {
        Object id = reference instanceof Map<?, ?> map ? map.get("id") : reference;
        Object name = reference instanceof Map<?, ?> map ? map.get("name") : reference;
        List<Draft> all = new ArrayList<>(context.blueprint().others());
        all.addAll(context.blueprint().certificates());
        all.addAll(context.blueprint().authorities());
        return all.stream()
                .filter(one -> one.kind() == kind)
                .filter(one -> same(one.text("id"), id) || same(one.text("name"), name))
                .findFirst();
    }

    private static boolean same(String text, @Nullable Object other) {
        return !text.isEmpty() && text.equals(other);
    }
}
