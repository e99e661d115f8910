package io.sluice.k8s.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings in Kong's own words for the upstreams, services and routes of whoever refers to it. */
public record KongIngress(
        Metadata metadata,
        Map<String, @Nullable Object> upstream,
        Map<String, @Nullable Object> proxy,
        Map<String, @Nullable Object> route)
        implements KubeObject {

    static KongIngress decode(Metadata metadata, FieldReader root) {
        // Its fields are at the top; people who know other objects put them under spec.
        FieldReader fields = root.has("spec") ? root.object("spec") : root;
        return new KongIngress(metadata, fields.tree("upstream"), fields.tree("proxy"), fields.tree("route"));
    }
}
