package io.sluice.k8s.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A KongPlugin, or a KongClusterPlugin (then its namespace is empty): a plugin's configuration that others refer to.
 *
 * @param plugin which one
 * @param configFrom where the configuration is if not in {@code config}; null if nowhere else
 * @param protocols empty for the plugin's own choice
 * @param runOn empty if unset
 * @param ordered whether it asks for an order of its own
 * @param instanceName empty if unset
 */
public record KongPlugin(
        Metadata metadata,
        String plugin,
        Map<String, @Nullable Object> config,
        @Nullable SecretKey configFrom,
        List<Patch> patches,
        boolean disabled,
        List<String> protocols,
        String runOn,
        boolean ordered,
        String instanceName)
        implements KubeObject {

    /** A value of a secret; the namespace is empty for the plugin's own. */
    public record SecretKey(String namespace, String name, String key) {}

    /** A value that goes to a place of the configuration, a JSON pointer; {@code place} is where in the object it says so. */
    public record Patch(String place, String path, SecretKey value) {}

    /** Whether it belongs to the cluster. */
    public boolean ofCluster() {
        return metadata.namespace().isEmpty();
    }

    static KongPlugin decode(Metadata metadata, FieldReader root) {
        boolean ofCluster = metadata.namespace().isEmpty();
        FieldReader source = root.object("configFrom");
        SecretKey configFrom = root.has("configFrom") ? secretKey(source, ofCluster) : null;
        List<Patch> patches = new ArrayList<>();
        for (FieldReader patch : root.objects("configPatches")) {
            String path = patch.text("path");
            if (!path.isEmpty() && !path.startsWith("/")) {
                patch.problem("path", Quote.of(path) + " (expected: a JSON pointer, it begins with /)");
            }
            patches.add(new Patch(patch.path(), path, secretKey(patch.object("valueFrom"), ofCluster)));
        }
        if (configFrom != null && root.has("config")) {
            root.problem("configFrom", "is set together with config (expected: one of the two)");
        }
        if (configFrom != null && !patches.isEmpty()) {
            root.problem("configPatches", "is set together with configFrom (expected: one of the two)");
        }
        return new KongPlugin(
                metadata,
                root.requiredText("plugin"),
                root.tree("config"),
                configFrom,
                List.copyOf(patches),
                root.flag("disabled", false),
                root.textList("protocols"),
                root.text("run_on"),
                root.has("ordering"),
                root.text("instance_name"));
    }

    private static SecretKey secretKey(FieldReader source, boolean ofCluster) {
        FieldReader reference = source.object("secretKeyRef");
        String namespace = ofCluster ? reference.requiredText("namespace") : "";
        return new SecretKey(namespace, reference.requiredText("name"), reference.requiredText("key"));
    }
}
