package io.sluice.k8s.api;

import java.util.Map;

/** Values that may be shown. */
public record ConfigMap(Metadata metadata, Map<String, String> values) implements KubeObject {

    static ConfigMap decode(Metadata metadata, FieldReader root) {
        return new ConfigMap(metadata, Map.copyOf(root.texts("data")));
    }
}
