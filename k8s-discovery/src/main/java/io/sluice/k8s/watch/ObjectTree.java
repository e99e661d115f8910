package io.sluice.k8s.watch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.api.PlainTree;
import io.sluice.k8s.api.WatchedKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From the client's form of an object to our record of it; everything that is not read stays behind. Pure. */
final class ObjectTree {

    /** Secrets of these types are the property of others: credentials of pods and nodes, releases of Helm with megabytes each. */
    private static final Set<String> FOREIGN_SECRETS = Set.of(
            "helm.sh/release.v1",
            "kubernetes.io/service-account-token",
            "kubernetes.io/dockercfg",
            "kubernetes.io/dockerconfigjson",
            "bootstrap.kubernetes.io/token");

    private ObjectTree() {}

    /** Whether an object can matter at all. */
    static boolean matters(WatchedKind kind, GenericKubernetesResource resource) {
        Object type = resource.getAdditionalProperties().get("type");
        return !(kind.kind().equals("Secret") && type instanceof String text && FOREIGN_SECRETS.contains(text));
    }

    static Decoded decoded(WatchedKind kind, GenericKubernetesResource resource) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>(resource.getAdditionalProperties());
        tree.remove("status");
        tree.put("metadata", metadata(resource.getMetadata()));
        return ObjectDecoder.decode(kind, tree);
    }

    /** Its status, as the server sent it. */
    static Map<String, @Nullable Object> status(GenericKubernetesResource resource) {
        Object status = resource.getAdditionalProperties().get("status");
        return status instanceof Map<?, ?> map && !PlainTree.isTooDeep(map) ? PlainTree.of(map) : Map.of();
    }

    private static Map<String, @Nullable Object> metadata(ObjectMeta from) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", from.getName());
        tree.put("namespace", from.getNamespace());
        tree.put("uid", from.getUid());
        tree.put("creationTimestamp", from.getCreationTimestamp());
        tree.put("generation", from.getGeneration());
        tree.put("labels", from.getLabels());
        tree.put("annotations", from.getAnnotations());
        return tree;
    }
}
