package io.sluice.k8s.api;

/**
 * A kind of object that the gateway reads.
 *
 * @param group of its API, empty for the core one
 * @param plural its name in paths and roles
 * @param namespaced false if it belongs to the cluster
 * @param presence whether a cluster can lack it
 * @param selector the label selector that lists and watches use; empty for all objects
 * @param status whether its status is written
 */
public record WatchedKind(
        String group,
        String version,
        String kind,
        String plural,
        boolean namespaced,
        Presence presence,
        String selector,
        boolean status) {

    /** Whether a cluster can lack a kind. */
    public enum Presence {
        /** Every supported cluster serves it. */
        ALWAYS,
        /** Comes with our own definitions. */
        OURS,
        /** Somebody else's or a newer cluster's; done without where it is not served. */
        IF_SERVED
    }

    /** {@code networking.k8s.io/v1}, or {@code v1} for the core API. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
