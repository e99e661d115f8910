package io.sluice.k8s.api;

import io.sluice.k8s.api.WatchedKind.Presence;
import java.util.List;
import java.util.Optional;

/** Every kind that is watched. Roles and resource definitions are checked against this list. */
public final class WatchedKinds {

    /** The group of Kong's resource definitions. */
    public static final String KONG = "configuration.konghq.com";

    static final WatchedKind INGRESS = served("networking.k8s.io", "v1", "Ingress", "ingresses", true);
    static final WatchedKind INGRESS_CLASS = cluster("networking.k8s.io", "v1", "IngressClass", "ingressclasses");
    static final WatchedKind SERVICE = core("Service", "services", "");
    static final WatchedKind ENDPOINTS = core("Endpoints", "endpoints", "");
    static final WatchedKind SECRET = core("Secret", "secrets", "");
    static final WatchedKind CONFIG_MAP = core("ConfigMap", "configmaps", "konghq.com/configmap=true");
    static final WatchedKind ENDPOINT_SLICE = ifServed("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices");
    static final WatchedKind REFERENCE_GRANT =
            ifServed("gateway.networking.k8s.io", "v1beta1", "ReferenceGrant", "referencegrants");
    static final WatchedKind PLUGIN = kong("v1", "KongPlugin", "kongplugins", true);
    static final WatchedKind CLUSTER_PLUGIN = kong("v1", "KongClusterPlugin", "kongclusterplugins", false);
    static final WatchedKind CONSUMER = kong("v1", "KongConsumer", "kongconsumers", true);
    static final WatchedKind CONSUMER_GROUP = kong("v1beta1", "KongConsumerGroup", "kongconsumergroups", true);
    static final WatchedKind KONG_INGRESS = kong("v1", "KongIngress", "kongingresses", true);
    static final WatchedKind UPSTREAM_POLICY = kong("v1beta1", "KongUpstreamPolicy", "kongupstreampolicies", true);
    static final WatchedKind VAULT = kong("v1alpha1", "KongVault", "kongvaults", false);
    static final WatchedKind CUSTOM_ENTITY = kong("v1alpha1", "KongCustomEntity", "kongcustomentities", true);
    static final WatchedKind CLASS_PARAMETERS = new WatchedKind(
            KONG, "v1alpha1", "IngressClassParameters", "ingressclassparameterses", true, Presence.OURS, "", false);

    private static final List<WatchedKind> ALL = List.of(
            INGRESS,
            INGRESS_CLASS,
            SERVICE,
            ENDPOINTS,
            SECRET,
            CONFIG_MAP,
            ENDPOINT_SLICE,
            REFERENCE_GRANT,
            PLUGIN,
            CLUSTER_PLUGIN,
            CONSUMER,
            CONSUMER_GROUP,
            KONG_INGRESS,
            UPSTREAM_POLICY,
            VAULT,
            CUSTOM_ENTITY,
            CLASS_PARAMETERS);

    private WatchedKinds() {}

    /** All of them; of Endpoints and EndpointSlice, a cluster needs only the latter where it is served. */
    public static List<WatchedKind> all() {
        return ALL;
    }

    /** The kind of that name; empty if it is not watched. */
    public static Optional<WatchedKind> of(String kind) {
        return ALL.stream().filter(one -> one.kind().equals(kind)).findFirst();
    }

    private static WatchedKind core(String kind, String plural, String selector) {
        return new WatchedKind("", "v1", kind, plural, true, Presence.ALWAYS, selector, false);
    }

    private static WatchedKind served(String group, String version, String kind, String plural, boolean status) {
        return new WatchedKind(group, version, kind, plural, true, Presence.ALWAYS, "", status);
    }

    private static WatchedKind cluster(String group, String version, String kind, String plural) {
        return new WatchedKind(group, version, kind, plural, false, Presence.ALWAYS, "", false);
    }

    private static WatchedKind ifServed(String group, String version, String kind, String plural) {
        return new WatchedKind(group, version, kind, plural, true, Presence.IF_SERVED, "", false);
    }

    private static WatchedKind kong(String version, String kind, String plural, boolean namespaced) {
        return new WatchedKind(KONG, version, kind, plural, namespaced, Presence.OURS, "", true);
    }
}
