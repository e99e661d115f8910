package io.sluice.loadtest;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.translate.LastGood;
import io.sluice.k8s.translate.Rehearsal;
import io.sluice.k8s.translate.Translation;
import io.sluice.k8s.translate.Translator;
import io.sluice.k8s.translate.draft.TranslationSettings;
import io.sluice.node.config.document.DeclarativeReader;
import io.sluice.node.config.document.EntityCheck;
import io.sluice.node.config.document.KubernetesRules;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugins.BuiltInPlugins;
import io.sluice.state.model.RouterFlavor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Translates the objects of a cluster of many Ingresses, the first time in a JVM that has done nothing but decode them, or that has
 * rehearsed as a node does. Arguments: Ingresses, Services, endpoints of each, translations, {@code cold} or {@code rehearsed}. Half of the Ingresses have two paths, a tenth has a plugin. Prints one line of
 * {@code key=value}; the hash is the same in every run.
 */
final class TranslationScale {

    private static final int WITH_PLUGIN = 10;

    private final List<Decoded> objects = new ArrayList<>();
    private final TranslationSettings settings = new TranslationSettings("kong", "");
    private final Translator translator = new Translator(
            settings,
            new KubernetesRules(new EntityCheck(
                    PluginRegistry.of(BuiltInPlugins.all()),
                    RouterFlavor.TRADITIONAL_COMPATIBLE,
                    InstantSource.system())));
    private final LastGood lastGood = new LastGood(translator);

    private TranslationScale() {}

    public static void main(String[] args) {
        TranslationScale scale = new TranslationScale();
        if (args[4].equals("rehearsed")) {
            new Rehearsal(scale.translator, scale.settings).run(() -> false);
        }
        System.out.print(args[4] + " ");
        scale.measure(
                Integer.parseInt(args[0]),
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]));
    }

    private void measure(int ingresses, int services, int endpoints, int times) {
        addPlugin();
        for (int i = 0; i < services; i++) {
            addService(i, endpoints);
        }
        for (int i = 0; i < ingresses; i++) {
            addIngress(i, services);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        long firstCpu = 0;
        long[] millis = new long[times];
        Translation translation = null;
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            translation = lastGood.translate(objects);
            millis[i] = (System.nanoTime() - begin) / 1_000_000;
            firstCpu = i == 0 ? threads.getCurrentThreadCpuTime() - before : firstCpu;
        }
        if (translation == null || !translation.problems().isEmpty()) {
            throw new IllegalStateException("expected: no problems, of at least one translation");
        }
        long first = millis[0];
        Arrays.sort(millis);
        System.out.println(String.format(
                Locale.ROOT,
                "ingresses=%d services=%d endpoints=%d first_ms=%d first_cpu_ms=%d median_ms=%d least_ms=%d programmed=%d hash=%s",
                ingresses,
                services,
                services * endpoints,
                first,
                firstCpu / 1_000_000,
                millis[times / 2],
                millis[0],
                translation.programmed().size(),
                DeclarativeReader.hash(translation.document())));
    }

    private void addPlugin() {
        add(Map.of(
                "apiVersion",
                "configuration.konghq.com/v1",
                "kind",
                "KongPlugin",
                "metadata",
                metadata("limit", 0, Map.of()),
                "plugin",
                "rate-limiting",
                "config",
                Map.of("minute", 100L)));
    }

    private void addService(int i, int endpoints) {
        String name = "service-" + i;
        Map<String, Object> port = Map.of("name", "http", "port", 80L, "protocol", "TCP");
        add(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                metadata(name, i, Map.of()),
                "spec",
                Map.of("ports", List.of(port))));
        List<Object> ends = new ArrayList<>();
        for (int k = 0; k < endpoints; k++) {
            String address = "10." + (i >> 8 & 255) + "." + (i & 255) + "." + (k + 1);
            ends.add(Map.of("addresses", List.of(address), "conditions", Map.of("ready", true)));
        }
        Map<String, Object> metadata = Map.of(
                "name",
                name + "-abcde",
                "namespace",
                "shop",
                "uid",
                uid(i),
                "labels",
                Map.of("kubernetes.io/service-name", name),
                "creationTimestamp",
                created(i));
        add(Map.of(
                "apiVersion",
                "discovery.k8s.io/v1",
                "kind",
                "EndpointSlice",
                "metadata",
                metadata,
                "addressType",
                "IPv4",
                "ports",
                List.of(Map.of("name", "http", "port", 8080L, "protocol", "TCP")),
                "endpoints",
                ends));
    }

    private void addIngress(int i, int services) {
        List<Object> paths = new ArrayList<>();
        for (int k = 0; k <= i % 2; k++) {
            Map<String, Object> service = Map.of("name", "service-" + i % services, "port", Map.of("number", 80L));
            paths.add(Map.of(
                    "path", k == 0 ? "/" : "/api/v" + i, "pathType", "Prefix", "backend", Map.of("service", service)));
        }
        Map<String, Object> rule = Map.of("host", "shop-" + i + ".example.com", "http", Map.of("paths", paths));
        Map<String, String> annotations = i % WITH_PLUGIN == 0
                ? Map.of("konghq.com/strip-path", "true", "konghq.com/plugins", "limit")
                : Map.of("konghq.com/strip-path", "true");
        add(Map.of(
                "apiVersion",
                "networking.k8s.io/v1",
                "kind",
                "Ingress",
                "metadata",
                metadata("shop-" + i, i, annotations),
                "spec",
                Map.of("ingressClassName", "kong", "rules", List.of(rule))));
    }

    private void add(Map<String, Object> tree) {
        Decoded decoded = ObjectDecoder.decode(tree).orElseThrow();
        if (decoded.object().isEmpty()) {
            throw new IllegalStateException(String.valueOf(decoded.problems()));
        }
        objects.add(decoded);
    }

    private static Map<String, Object> metadata(String name, int i, Map<String, String> annotations) {
        return Map.of(
                "name",
                name,
                "namespace",
                "shop",
                "uid",
                uid(i),
                "creationTimestamp",
                created(i),
                "annotations",
                annotations);
    }

    private static String uid(int i) {
        String digits = Integer.toString(i);
        return "6f1d3c2a-90ab-4cde-8f01-" + "0".repeat(12 - digits.length()) + digits;
    }

    /** Ten in each second. */
    private static String created(int i) {
        int second = i / 10;
        return "2026-01-31T" + two(second / 3_600 % 24) + ":" + two(second / 60 % 60) + ":" + two(second % 60) + "Z";
    }

    private static String two(int number) {
        return (number < 10 ? "0" : "") + number;
    }
}
