package io.sluice.k8s.api;

import io.sluice.state.model.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** From an object's parsed tree (as JSON or YAML have it) to its record. Pure; thread-safe. */
public final class ObjectDecoder {

    /** Bytes that all annotations of an object may have together, as the API server counts them. */
    static final int ANNOTATION_BYTES = 256 * 1024;

    private static final Map<String, BiFunction<Metadata, FieldReader, KubeObject>> DECODERS = Map.ofEntries(
            Map.entry(WatchedKinds.INGRESS.kind(), Ingress::decode),
            Map.entry(WatchedKinds.INGRESS_CLASS.kind(), IngressClass::decode),
            Map.entry(WatchedKinds.CLASS_PARAMETERS.kind(), IngressClassParameters::decode),
            Map.entry(WatchedKinds.SERVICE.kind(), Service::decode),
            Map.entry(WatchedKinds.ENDPOINT_SLICE.kind(), EndpointSlice::decode),
            Map.entry(WatchedKinds.ENDPOINTS.kind(), Endpoints::decode),
            Map.entry(WatchedKinds.SECRET.kind(), Secret::decode),
            Map.entry(WatchedKinds.CONFIG_MAP.kind(), ConfigMap::decode),
            Map.entry(WatchedKinds.REFERENCE_GRANT.kind(), ReferenceGrant::decode),
            Map.entry(WatchedKinds.PLUGIN.kind(), KongPlugin::decode),
            Map.entry(WatchedKinds.CLUSTER_PLUGIN.kind(), KongPlugin::decode),
            Map.entry(WatchedKinds.CONSUMER.kind(), KongConsumer::decode),
            Map.entry(WatchedKinds.CONSUMER_GROUP.kind(), KongConsumerGroup::decode),
            Map.entry(WatchedKinds.KONG_INGRESS.kind(), KongIngress::decode),
            Map.entry(WatchedKinds.UPSTREAM_POLICY.kind(), KongUpstreamPolicy::decode),
            Map.entry(WatchedKinds.VAULT.kind(), KongVault::decode),
            Map.entry(WatchedKinds.CUSTOM_ENTITY.kind(), KongCustomEntity::decode));

    private ObjectDecoder() {}

    /** The object of a tree; empty if its API version and kind are not of {@link WatchedKinds}. */
    public static Optional<Decoded> decode(Map<?, ?> tree) {
        Object kind = tree.get("kind");
        Object apiVersion = tree.get("apiVersion");
        return WatchedKinds.of(String.valueOf(kind))
                .filter(watched -> watched.apiVersion().equals(apiVersion))
                .map(watched -> decode(watched, tree));
    }

    /** The object of a tree that is known to be of the kind; its own kind and version may be left out. */
    public static Decoded decode(WatchedKind kind, Map<?, ?> tree) {
        List<Problem> problems = new ArrayList<>();
        Map<?, ?> meta = tree.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
        String given = word(meta.get("namespace"), "");
        String namespace = kind.namespaced() ? given.isEmpty() ? "default" : given : "";
        ObjectRef ref = new ObjectRef(kind.kind(), namespace, word(meta.get("name"), ""));
        FieldReader.Report report = new FieldReader.Report(ref, problems);
        FieldReader fields = new FieldReader(meta, "metadata", report);
        checkNames(ref, fields);
        Metadata metadata = new Metadata(
                kind.group(),
                kind.version(),
                kind.kind(),
                namespace,
                ref.name(),
                fields.text("uid"),
                created(fields),
                meta.get("generation") instanceof Number number ? number.longValue() : 0,
                Map.copyOf(fields.texts("labels")),
                Map.copyOf(fields.texts("annotations")));
        checkSize(metadata, fields);
        checkDepth(tree, report);
        KubeObject object = problems.isEmpty() ? body(kind, metadata, tree, report) : null;
        return new Decoded(metadata, problems.isEmpty() ? object : null, List.copyOf(problems));
    }

    private static @Nullable KubeObject body(
            WatchedKind kind, Metadata metadata, Map<?, ?> tree, FieldReader.Report report) {
        BiFunction<Metadata, FieldReader, KubeObject> decoder = DECODERS.get(kind.kind());
        return decoder == null ? null : decoder.apply(metadata, new FieldReader(tree, "", report));
    }

    private static void checkNames(ObjectRef ref, FieldReader fields) {
        if (ref.name().isEmpty()) {
            fields.requiredText("name");
        } else if (!KubeName.isName(ref.name())) {
            fields.problem("name", Quote.of(ref.name()) + " (" + KubeName.EXPECTED + ")");
        }
        if (!ref.namespace().isEmpty() && !KubeName.isLabel(ref.namespace())) {
            fields.problem("namespace", Quote.of(ref.namespace()) + " (" + KubeName.EXPECTED + ", no .)");
        }
        String uid = fields.text("uid");
        boolean odd = uid.chars().anyMatch(c -> c != '-' && !Character.isLetterOrDigit(c) || c > 127);
        if (odd) {
            fields.problem("uid", Quote.of(uid) + " (expected: letters, digits and -)");
        }
    }

    private static void checkSize(Metadata metadata, FieldReader fields) {
        long bytes = 0;
        for (Map.Entry<String, String> annotation : metadata.annotations().entrySet()) {
            bytes += annotation.getKey().length();
            bytes += annotation.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > ANNOTATION_BYTES) {
            fields.problem("annotations", bytes + " bytes (expected: at most " + ANNOTATION_BYTES + ")");
        }
    }

    private static void checkDepth(Map<?, ?> tree, FieldReader.Report report) {
        tree.forEach((field, value) -> {
            if (PlainTree.isTooDeep(value)) {
                report.add(
                        String.valueOf(field),
                        "is nested too deep (expected: at most " + PlainTree.LEVELS + " levels)");
            }
        });
    }

    private static Instant created(FieldReader fields) {
        String text = fields.text("creationTimestamp");
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException e) {
            fields.problem("creationTimestamp", Quote.of(text) + " (expected: a time as in 2026-01-31T12:00:00Z)");
            return Instant.EPOCH;
        }
    }

    private static String word(@Nullable Object value, String otherwise) {
        return value instanceof String text ? text : otherwise;
    }
}
