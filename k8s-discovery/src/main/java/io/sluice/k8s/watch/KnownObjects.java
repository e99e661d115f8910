package io.sluice.k8s.watch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.WatchedKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one watch in our form. An object is decoded when its version is new, and counts as changed when what is read
 * of it is another; what the client made of it is dropped. Thread-safe.
 */
final class KnownObjects {

    /**
     * One of them.
     *
     * @param decoded null for an object that cannot matter, remembered for its version only
     * @param status empty unless somebody writes the status of the kind
     */
    private record Known(String version, @Nullable Decoded decoded, Map<String, @Nullable Object> status) {}

    private final WatchedKind kind;
    private Map<String, Known> known = new HashMap<>();

    KnownObjects(WatchedKind kind) {
        this.kind = kind;
    }

    synchronized List<Decoded> all() {
        List<Decoded> objects = new ArrayList<>(known.size());
        for (Known one : known.values()) {
            if (one.decoded() != null) {
                objects.add(one.decoded());
            }
        }
        return objects;
    }

    /** The status of one of them; empty if there is no such object. */
    synchronized Optional<PresentStatus> status(String namespace, String name) {
        Known found = known.get(namespace + "/" + name);
        return found == null ? Optional.empty() : Optional.of(new PresentStatus(found.version(), found.status()));
    }

    /** Collects what a list has, page by page, to take the place of what is known. */
    final class Listing {

        private final Map<String, Known> found = new HashMap<>();

        void add(List<GenericKubernetesResource> page) {
            page.forEach(resource -> found.put(key(resource), read(resource)));
        }

        /** Whether anything is another than before. */
        boolean take() {
            synchronized (KnownObjects.this) {
                boolean changed = !decoded(found).equals(decoded(known));
                known = found;
                return changed;
            }
        }
    }

    /** Whether it changes anything. */
    boolean put(GenericKubernetesResource resource) {
        Known now = read(resource);
        synchronized (this) {
            Known before = known.put(key(resource), now);
            Decoded was = before == null ? null : before.decoded();
            return now.decoded() == null ? was != null : !now.decoded().equals(was);
        }
    }

    /** Whether it changes anything. */
    synchronized boolean remove(GenericKubernetesResource resource) {
        Known before = known.remove(key(resource));
        return before != null && before.decoded() != null;
    }

    /** Whether it changes anything. */
    synchronized boolean clear() {
        boolean changed = known.values().stream().anyMatch(one -> one.decoded() != null);
        known = new HashMap<>();
        return changed;
    }

    private Known read(GenericKubernetesResource resource) {
        String version = text(resource.getMetadata().getResourceVersion());
        Known before;
        synchronized (this) {
            before = known.get(key(resource));
        }
        if (before != null && !version.isEmpty() && before.version().equals(version)) {
            return before;
        }
        return new Known(
                version,
                ObjectTree.matters(kind, resource) ? ObjectTree.decoded(kind, resource) : null,
                kind.status() ? ObjectTree.status(resource) : Map.of());
    }

    private static Map<String, Decoded> decoded(Map<String, Known> known) {
        Map<String, Decoded> decoded = new HashMap<>();
        known.forEach((key, one) -> {
            if (one.decoded() != null) {
                decoded.put(key, one.decoded());
            }
        });
        return decoded;
    }

    private static String key(GenericKubernetesResource resource) {
        ObjectMeta metadata = resource.getMetadata();
        return text(metadata.getNamespace()) + "/" + metadata.getName();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
