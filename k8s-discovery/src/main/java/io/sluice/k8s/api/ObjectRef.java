package io.sluice.k8s.api;

/** Which object: its kind, its namespace (empty if it belongs to the cluster) and its name. */
public record ObjectRef(String kind, String namespace, String name) implements Comparable<ObjectRef> {

    @Override
    public int compareTo(ObjectRef other) {
        int byKind = kind.compareTo(other.kind);
        int byNamespace = byKind != 0 ? byKind : namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** {@code Ingress monitoring/grafana}. */
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
