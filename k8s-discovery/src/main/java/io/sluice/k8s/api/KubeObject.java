package io.sluice.k8s.api;

/** An object of one of the {@link WatchedKinds}, reduced to what the gateway reads of it. Immutable. */
public sealed interface KubeObject
        permits Ingress,
                IngressClass,
                IngressClassParameters,
                Service,
                EndpointSlice,
                Endpoints,
                Secret,
                ConfigMap,
                ReferenceGrant,
                KongPlugin,
                KongConsumer,
                KongConsumerGroup,
                KongIngress,
                KongUpstreamPolicy,
                KongVault,
                KongCustomEntity {

    /** Name, labels, annotations and the like. */
    Metadata metadata();

    /** What it is referred to by. */
    default ObjectRef ref() {
        return metadata().ref();
    }
}
