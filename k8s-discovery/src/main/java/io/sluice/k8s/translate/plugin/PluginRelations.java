package io.sluice.k8s.translate.plugin;

import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.translate.draft.ConsumerDraft;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.RouteDraft;
import io.sluice.k8s.translate.draft.ServiceDraft;
import io.sluice.k8s.translate.draft.Words;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which plugins are referred to, and by what. */
final class PluginRelations {

    private static final String KEY = "konghq.com/plugins";

    private final Context context;
    private final Grants grants;
    private final Map<PluginRef, Related> related = new TreeMap<>();

    PluginRelations(Context context) {
        this.context = context;
        this.grants = new Grants(context);
    }

    /**
     * An entity that a plugin is for.
     *
     * @param field of the plugin that refers to it
     * @param name in ids and hashes
     * @param reference as it is written in the configuration
     * @param referrer the object that named the plugin
     */
    record End(String field, String name, Object reference, ObjectRef referrer) {}

    /** All that refers to one plugin. */
    record Related(List<End> services, List<End> routes, List<End> consumers, List<End> groups) {

        Related() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        List<End> all() {
            List<End> all = new ArrayList<>(services);
            all.addAll(routes);
            all.addAll(consumers);
            all.addAll(groups);
            return all;
        }

        /** How many {@link #places()} there are. */
        long count() {
            long targets = (long) services.size() + routes.size();
            long who = consumers.isEmpty() ? groups.size() : consumers.size();
            return who == 0 ? targets : who * Math.max(1, targets);
        }

        /** Where it applies: for consumers, or else groups, together with every service and route if there are any. */
        List<Place> places() {
            List<End> targets = new ArrayList<>(services);
            targets.addAll(routes);
            List<End> who = consumers.isEmpty() ? groups : consumers;
            List<Place> places = new ArrayList<>();
            for (End one : who) {
                targets.forEach(target -> places.add(new Place(target, one)));
                if (targets.isEmpty()) {
                    places.add(new Place(null, one));
                }
            }
            if (who.isEmpty()) {
                targets.forEach(target -> places.add(new Place(target, null)));
            }
            return places;
        }
    }

    /** One combination; at least one of the two is there. */
    record Place(@Nullable End target, @Nullable End who) {
        List<End> ends() {
            List<End> ends = new ArrayList<>();
            if (target != null) {
                ends.add(target);
            }
            if (who != null) {
                ends.add(who);
            }
            return ends;
        }
    }

    /** Reads the annotations behind all entities on the blueprint. */
    Map<PluginRef, Related> collect() {
        for (ServiceDraft service : context.blueprint().services().values()) {
            String name = service.name();
            service.object()
                    .ifPresent(object -> refs(object.metadata())
                            .forEach(ref -> of(ref).services().add(new End("service", name, name, object.ref()))));
            for (RouteDraft route : service.routes()) {
                String routeName = route.route().text("name");
                refs(route.ingress().metadata())
                        .forEach(ref -> of(ref).routes()
                                .add(new End(
                                        "route",
                                        routeName,
                                        routeName,
                                        route.ingress().ref())));
            }
        }
        for (ConsumerDraft consumer : context.blueprint().consumers()) {
            refs(consumer.metadata())
                    .forEach(ref -> of(ref).consumers()
                            .add(new End(
                                    "consumer",
                                    consumer.identifier(),
                                    consumer.reference(),
                                    consumer.metadata().ref())));
        }
        context.objects().all(io.sluice.k8s.api.KongConsumerGroup.class).forEach(group -> group(group.metadata()));
        return related;
    }

    private void group(Metadata metadata) {
        for (Draft group : context.blueprint().groups()) {
            if (group.source().equals(metadata.ref())) {
                String name = group.text("name");
                refs(metadata)
                        .forEach(ref -> of(ref).groups().add(new End("consumer_group", name, name, metadata.ref())));
            }
        }
    }

    private Related of(PluginRef ref) {
        return related.computeIfAbsent(ref, key -> new Related());
    }

    private Collection<PluginRef> refs(Metadata metadata) {
        String list = metadata.annotation(KEY);
        if (list.isEmpty()) {
            return List.of();
        }
        Set<PluginRef> refs = new LinkedHashSet<>();
        for (String word : Words.of(list)) {
            int colon = word.indexOf(':');
            String namespace = colon < 0 ? metadata.namespace() : word.substring(0, colon);
            PluginRef ref = new PluginRef(namespace, word.substring(colon + 1));
            if (!grants.allow(metadata, namespace, ref.name())) {
                String expected = " (expected: a ReferenceGrant in namespace " + namespace + " from " + metadata.kind()
                        + " of namespace " + metadata.namespace() + " to KongPlugin)";
                context.findings().partly(metadata.ref(), Context.annotation(KEY), Quote.of(word) + expected);
            } else {
                refs.add(ref);
            }
        }
        return refs;
    }
}
