package io.sluice.k8s.api;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;

/**
 * What every object says about itself.
 *
 * @param group of its API, empty for the core one
 * @param version of its API, for example {@code v1}
 * @param namespace empty if it belongs to the cluster
 * @param uid empty if it has none yet
 * @param created the epoch if unknown
 * @param generation counts changes of what is wanted; 0 if the kind does not count them
 */
public record Metadata(
        String group,
        String version,
        String kind,
        String namespace,
        String name,
        String uid,
        Instant created,
        long generation,
        Map<String, String> labels,
        Map<String, String> annotations) {

    /** The oldest first; among those of the same second, by namespace and name, so that all nodes agree. */
    public static final Comparator<Metadata> OLDEST_FIRST = Comparator.comparing(Metadata::created)
            .thenComparing(Metadata::namespace)
            .thenComparing(Metadata::name);

    /** What it is referred to by. */
    public ObjectRef ref() {
        return new ObjectRef(kind, namespace, name);
    }

    /** An annotation's value; empty if it is not there. */
    public String annotation(String key) {
        return annotations.getOrDefault(key, "");
    }
}
