package io.sluice.k8s.watch;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.sluice.k8s.api.WatchedKind;
import java.time.Duration;

/** The requests for one kind in one namespace, or in all. Each waits for its answer: not for event loops. Thread-safe. */
final class KindRequests {

    /** Objects in one answer: few enough for a buffer, many enough for few requests. */
    private static final long PAGE = 500;

    private final KubernetesClient client;
    private final WatchedKind kind;
    private final FilterWatchListDeletable<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            objects;

    /** @param namespace empty for all, or for what belongs to the cluster */
    KindRequests(KubernetesClient client, WatchedKind kind, String namespace) {
        this.client = client;
        this.kind = kind;
        MixedOperation<GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
                all = client.genericKubernetesResources(definition(kind));
        var chosen = namespace.isEmpty() ? all.inAnyNamespace() : all.inNamespace(namespace);
        this.objects = kind.selector().isEmpty() ? chosen : chosen.withLabelSelector(kind.selector());
    }

    static ResourceDefinitionContext definition(WatchedKind kind) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(kind.group())
                .withVersion(kind.version())
                .withKind(kind.kind())
                .withPlural(kind.plural())
                .withNamespaced(kind.namespaced())
                .build();
    }

    /**
     * Some of the objects.
     *
     * @param from what the last answer said to go on with; empty for the first
     */
    GenericKubernetesResourceList list(String from) {
        return objects.list(new ListOptionsBuilder()
                .withLimit(PAGE)
                .withContinue(from.isEmpty() ? null : from)
                .build());
    }

    /** Follows what changes after a version; returns when the server has agreed to it. */
    Watch watch(String version, Duration life, Watcher<GenericKubernetesResource> watcher) {
        return objects.watch(
                new ListOptionsBuilder()
                        .withResourceVersion(version)
                        .withTimeoutSeconds(life.toSeconds())
                        .withAllowWatchBookmarks(true)
                        .build(),
                watcher);
    }

    /** Whether the server knows the kind; everybody may ask. */
    boolean served() {
        APIResourceList resources = client.getApiResources(kind.apiVersion());
        return resources != null
                && resources.getResources().stream()
                        .anyMatch(resource -> kind.plural().equals(resource.getName()));
    }
}
