package io.sluice.k8s.translate;

import io.sluice.k8s.api.ClusterObjects;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.translate.draft.TranslationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Translates objects that nobody has, so that the JVM has compiled the translation by the time the real ones are there: ten thousand
 * Ingresses take half as long then. What comes of it is dropped. Pure; thread-safe.
 */
public final class Rehearsal {

    /** So many Ingresses in all: what the JVM compiles after 200 calls is compiled, and little is left to gain. */
    private static final int ROUNDS = 20;

    private static final int INGRESSES = 100;
    private static final String NAMESPACE = "rehearsal";
    private static final String CREATED = "2026-01-31T12:00:00Z";

    private final Translator translator;
    private final String ingressClass;

    public Rehearsal(Translator translator, TranslationSettings settings) {
        this.translator = translator;
        this.ingressClass = settings.ingressClass();
    }

    /**
     * Takes some hundred milliseconds of processor time.
     *
     * @param over ends it sooner; asked every few milliseconds, but for the first round, which takes longer
     */
    public void run(BooleanSupplier over) {
        List<Decoded> objects = sample();
        for (int i = 0; i < ROUNDS && !over.getAsBoolean(); i++) {
            translate(objects);
        }
    }

    Translation translate(List<Decoded> objects) {
        return translator.translate(ClusterObjects.of(objects));
    }

    /** As plain as most objects are, with what is common besides: annotations, a plugin, several paths. */
    List<Decoded> sample() {
        List<Decoded> objects = new ArrayList<>();
        decode(objects, "configuration.konghq.com/v1", "KongPlugin", "limit", Map.of(), "plugin", "correlation-id");
        for (int i = 0; i < INGRESSES; i++) {
            String name = "web-" + i;
            Map<String, Object> port = Map.of("name", "http", "port", 80L, "protocol", "TCP");
            decode(objects, "v1", "Service", name, Map.of(), "spec", Map.of("ports", List.of(port)));
            decode(objects, "discovery.k8s.io/v1", "EndpointSlice", name, Map.of(), "endpoints", endpoints(i));
            Map<String, String> annotations =
                    Map.of("konghq.com/strip-path", "true", "konghq.com/plugins", i % 10 == 0 ? "limit" : "");
            decode(objects, "networking.k8s.io/v1", "Ingress", name, annotations, "spec", rules(name));
        }
        return objects;
    }

    private static List<Object> endpoints(int i) {
        return List.of(
                Map.of("addresses", List.of("10.0.0." + i), "conditions", Map.of("ready", true)),
                Map.of("addresses", List.of("10.0.1." + i), "conditions", Map.of("ready", true)));
    }

    private Map<String, Object> rules(String service) {
        Map<String, Object> backend = Map.of("service", Map.of("name", service, "port", Map.of("number", 80L)));
        List<Object> paths = List.of(
                Map.of("path", "/", "pathType", "Prefix", "backend", backend),
                Map.of("path", "/api/v1", "pathType", "Prefix", "backend", backend));
        Map<String, Object> rule = Map.of("host", service + ".example", "http", Map.of("paths", paths));
        return Map.of("ingressClassName", ingressClass, "rules", List.of(rule));
    }

    private static void decode(
            List<Decoded> objects,
            String apiVersion,
            String kind,
            String name,
            Map<String, String> annotations,
            String field,
            Object value) {
        Map<String, Object> metadata = Map.of(
                "name", name,
                "namespace", NAMESPACE,
                "uid", "6f1d3c2a-90ab-4cde-8f01-0123456789ab",
                "creationTimestamp", CREATED,
                "labels", Map.of("kubernetes.io/service-name", name),
                "annotations", annotations);
        List<Object> ports = List.of(Map.of("name", "http", "port", 8080L, "protocol", "TCP"));
        ObjectDecoder.decode(Map.of(
                        "apiVersion", apiVersion, "kind", kind, "metadata", metadata, "ports", ports, field, value))
                .ifPresent(objects::add);
    }
}
