package io.sluice.k8s.translate.plugin;

/** A plugin as objects refer to it: the namespace that it is looked up in first, and its name. */
record PluginRef(String namespace, String name) implements Comparable<PluginRef> {

    @Override
    public int compareTo(PluginRef other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
}
