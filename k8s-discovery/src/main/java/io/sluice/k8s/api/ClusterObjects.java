package io.sluice.k8s.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All watched objects at one moment, ready to be looked up. Immutable; pure. */
public final class ClusterObjects {

    private final Map<Class<?>, Map<String, KubeObject>> byName = new HashMap<>();
    private final Map<String, List<EndpointGroup>> slices = new HashMap<>();
    private final List<Decoded> unreadable = new ArrayList<>();

    private ClusterObjects() {}

    /** Of what was decoded; of two objects of the same kind and name, the later one counts. */
    public static ClusterObjects of(Collection<Decoded> decoded) {
        ClusterObjects objects = new ClusterObjects();
        List<KubeObject> readable = new ArrayList<>(decoded.size());
        for (Decoded one : decoded) {
            one.object().ifPresentOrElse(readable::add, () -> objects.unreadable.add(one));
        }
        readable.sort(Comparator.comparing(KubeObject::metadata, Metadata.OLDEST_FIRST));
        readable.forEach(objects::add);
        return objects;
    }

    private void add(KubeObject object) {
        Metadata metadata = object.metadata();
        byName.computeIfAbsent(object.getClass(), type -> new LinkedHashMap<>())
                .put(key(metadata.namespace(), metadata.name()), object);
        if (object instanceof EndpointSlice slice) {
            slices.computeIfAbsent(key(metadata.namespace(), slice.service()), name -> new ArrayList<>())
                    .add(slice.group());
        }
    }

    /** Those that could not be read. */
    public List<Decoded> unreadable() {
        return unreadable;
    }

    /** All of a kind, the oldest first. */
    public <T extends KubeObject> List<T> all(Class<T> type) {
        List<T> all = new ArrayList<>();
        byName.getOrDefault(type, Map.of()).values().forEach(object -> all.add(type.cast(object)));
        return all;
    }

    /** One by name; the namespace is empty for what belongs to the cluster. */
    public <T extends KubeObject> Optional<T> find(Class<T> type, String namespace, String name) {
        KubeObject found = byName.getOrDefault(type, Map.of()).get(key(namespace, name));
        return Optional.ofNullable(found).map(type::cast);
    }

    /** A service's endpoints: from slices where there are any, else in the older form. */
    public List<EndpointGroup> endpoints(String namespace, String service) {
        List<EndpointGroup> fromSlices = slices.get(key(namespace, service));
        return fromSlices != null
                ? fromSlices
                : find(Endpoints.class, namespace, service)
                        .map(Endpoints::groups)
                        .orElse(List.of());
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
