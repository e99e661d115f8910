package io.sluice.k8s.api;

/** A set of consumers; its name is the object's. */
public record KongConsumerGroup(Metadata metadata) implements KubeObject {

    static KongConsumerGroup decode(Metadata metadata, FieldReader root) {
        return new KongConsumerGroup(metadata);
    }
}
