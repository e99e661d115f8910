package io.sluice.k8s.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entity of a kind that has no object of its own.
 *
 * @param type the plural word of the kind
 * @param controllerName the ingress class it is for
 * @param parent the plugin whose services, routes or consumers it belongs to; null for none
 */
public record KongCustomEntity(
        Metadata metadata,
        String type,
        String controllerName,
        Map<String, @Nullable Object> fields,
        @Nullable Parent parent)
        implements KubeObject {

    /** A plugin; the namespace is empty for the object's own. */
    public record Parent(String group, String kind, String namespace, String name) {}

    static KongCustomEntity decode(Metadata metadata, FieldReader root) {
        FieldReader spec = root.object("spec");
        FieldReader parent = spec.object("parentRef");
        return new KongCustomEntity(
                metadata,
                spec.requiredText("type"),
                spec.text("controllerName"),
                spec.tree("fields"),
                spec.has("parentRef")
                        ? new Parent(
                                parent.text("group"),
                                parent.text("kind"),
                                parent.text("namespace"),
                                parent.requiredText("name"))
                        : null);
    }
}
