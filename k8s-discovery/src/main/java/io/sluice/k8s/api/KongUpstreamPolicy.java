package io.sluice.k8s.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the endpoints of services are chosen and checked. {@code spec} is in the object's own (camelCase) words. */
public record KongUpstreamPolicy(Metadata metadata, Map<String, @Nullable Object> spec) implements KubeObject {

    static KongUpstreamPolicy decode(Metadata metadata, FieldReader root) {
        return new KongUpstreamPolicy(metadata, root.tree("spec"));
    }
}
