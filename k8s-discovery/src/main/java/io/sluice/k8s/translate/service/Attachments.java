package io.sluice.k8s.translate.service;

import io.sluice.k8s.api.Ingress;
import io.sluice.k8s.api.KongConsumer;
import io.sluice.k8s.api.KongConsumerGroup;
import io.sluice.k8s.api.KongIngress;
import io.sluice.k8s.api.KongPlugin;
import io.sluice.k8s.api.KubeObject;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Service;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.RouteDraft;
import io.sluice.k8s.translate.draft.ServiceDraft;
import io.sluice.k8s.translate.draft.Words;
import io.sluice.k8s.translate.plugin.Grants;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which KongIngress and which {@code upstream-health-check} plugin a service has: those that it or its Ingresses name. One that
 * nothing names is for all services of its namespace, as whoever wrote it plainly meant, as long as it is the only such one.
 */
final class Attachments {

    static final String HEALTH_CHECK = "upstream-health-check";

    private static final String OVERRIDE = "konghq.com/override";
    private static final String PLUGINS = "konghq.com/plugins";

    private final Context context;
    private final Map<String, KongIngress> kongIngresses = new HashMap<>();
    private final Map<String, KongPlugin> healthChecks = new HashMap<>();
    private final Grants grants;
    private boolean anyCheck;

    Attachments(Context context) {
        this.context = context;
        this.grants = new Grants(context);
    }

    /** Looks for what nothing names. */
    void prepare() {
        List<KongIngress> ingresses = context.objects().all(KongIngress.class);
        List<KongPlugin> checks = context.objects().all(KongPlugin.class).stream()
                .filter(plugin -> plugin.plugin().equals(HEALTH_CHECK))
                .toList();
        anyCheck = !checks.isEmpty();
        if (ingresses.isEmpty() && checks.isEmpty()) {
            return;
        }
        Set<String> named = named();
        loose(ingresses, OVERRIDE, named, kongIngresses);
        loose(
                checks.stream()
                        .filter(plugin -> !plugin.ofCluster() && !plugin.disabled())
                        .toList(),
                PLUGINS,
                named,
                healthChecks);
    }

    /** The KongIngress for a service that does not name one itself: its Ingresses' or one that nothing names. */
    Optional<KongIngress> kongIngress(ServiceDraft draft) {
        if (context.objects().all(KongIngress.class).isEmpty()) {
            return Optional.empty();
        }
        for (RouteDraft route : oldestFirst(draft)) {
            String name = route.ingress().metadata().annotation(OVERRIDE);
            Optional<KongIngress> found = context.objects().find(KongIngress.class, draft.namespace(), name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.ofNullable(kongIngresses.get(draft.namespace()));
    }

    /** The plugin whose configuration is the health checks of the service's upstream. */
    Optional<KongPlugin> healthCheck(ServiceDraft draft) {
        if (!anyCheck) {
            return Optional.empty();
        }
        Optional<KongPlugin> own = draft.object().flatMap(object -> named(object.metadata()));
        for (RouteDraft route : own.isPresent() ? List.<RouteDraft>of() : oldestFirst(draft)) {
            Optional<KongPlugin> found = named(route.ingress().metadata());
            if (found.isPresent()) {
                return found;
            }
        }
        return own.or(() -> Optional.ofNullable(healthChecks.get(draft.namespace())));
    }

    private Optional<KongPlugin> named(Metadata referrer) {
        for (String word : Words.of(referrer.annotation(PLUGINS))) {
            int colon = word.indexOf(':');
            String namespace = colon < 0 ? referrer.namespace() : word.substring(0, colon);
            String name = word.substring(colon + 1);
            Optional<KongPlugin> plugin = context.objects()
                    .find(KongPlugin.class, namespace, name)
                    .or(() -> context.objects()
                            .find(KongPlugin.class, "", name)
                            .filter(one -> !context.isOthers(one.metadata())))
                    .filter(one -> one.plugin().equals(HEALTH_CHECK) && !one.disabled())
                    .filter(one -> grants.allow(referrer, namespace, name));
            if (plugin.isPresent()) {
                return plugin;
            }
        }
        return Optional.empty();
    }

    private static List<RouteDraft> oldestFirst(ServiceDraft draft) {
        List<RouteDraft> routes = new ArrayList<>(draft.routes());
        routes.sort(Comparator.comparing(route -> route.ingress().metadata(), Metadata.OLDEST_FIRST));
        return routes;
    }

    private <T extends KubeObject> void loose(List<T> all, String key, Set<String> named, Map<String, T> byNamespace) {
        Map<String, List<T>> unnamed = new HashMap<>();
        for (T one : all) {
            Metadata metadata = one.metadata();
            if (!named.contains(key + metadata.namespace() + "/" + metadata.name())) {
                unnamed.computeIfAbsent(metadata.namespace(), namespace -> new ArrayList<>())
                        .add(one);
            }
        }
        unnamed.forEach((namespace, some) -> {
            String how = " (expected: " + key + " with its name on a service)";
            for (T one : some) {
                ObjectRef ref = one.ref();
                if (some.size() == 1) {
                    context.findings()
                            .note(ref, "", "nothing refers to it: it is used for all services of its namespace" + how);
                    byNamespace.put(namespace, one);
                } else {
                    context.findings().refuse(ref, "", "nothing refers to it, and it is not the only one" + how);
                }
            }
        });
    }

    private Set<String> named() {
        Set<String> named = new HashSet<>();
        context.objects().all(Service.class).forEach(one -> add(one.metadata(), named));
        context.objects().all(Ingress.class).forEach(one -> add(one.metadata(), named));
        context.objects().all(KongConsumer.class).forEach(one -> add(one.metadata(), named));
        context.objects().all(KongConsumerGroup.class).forEach(one -> add(one.metadata(), named));
        return named;
    }

    private static void add(Metadata metadata, Set<String> named) {
        String override = metadata.annotation(OVERRIDE);
        if (!override.isEmpty()) {
            named.add(OVERRIDE + metadata.namespace() + "/" + override);
        }
        for (String plugin : Words.of(metadata.annotation(PLUGINS))) {
            int colon = plugin.indexOf(':');
            String namespace = colon < 0 ? metadata.namespace() : plugin.substring(0, colon);
            named.add(PLUGINS + namespace + "/" + plugin.substring(colon + 1));
        }
    }
}
