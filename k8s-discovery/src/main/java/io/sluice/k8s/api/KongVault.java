package io.sluice.k8s.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A source of secrets. */
public record KongVault(
        Metadata metadata, String backend, String prefix, String description, Map<String, @Nullable Object> config)
        implements KubeObject {

    static KongVault decode(Metadata metadata, FieldReader root) {
        FieldReader spec = root.object("spec");
        return new KongVault(
                metadata,
                spec.requiredText("backend"),
                spec.requiredText("prefix"),
                spec.text("description"),
                spec.tree("config"));
    }
}
