package io.sluice.node.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.ClusterObjects;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.translate.Translation;
import io.sluice.k8s.translate.Translator;
import io.sluice.k8s.translate.draft.Effect;
import io.sluice.k8s.translate.draft.TranslationSettings;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugins.BuiltInPlugins;
import io.sluice.state.model.RouterFlavor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that are meant to cost more than they weigh: they are refused for themselves, in no time, and the others are served. */
@Timeout(30)
class HostileObjectsTest {

    private static final EntityCheck CHECK = new EntityCheck(
            PluginRegistry.of(BuiltInPlugins.all()), RouterFlavor.TRADITIONAL_COMPATIBLE, DocumentFixture.CLOCK);
    private static final Translator TRANSLATOR =
            new Translator(new TranslationSettings("kong", ""), new KubernetesRules(CHECK));

    private static Map<String, @Nullable Object> object(String apiVersion, String kind, String name) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("apiVersion", apiVersion);
        object.put("kind", kind);
        object.put("metadata", Map.of("name", name, "namespace", "shop"));
        return object;
    }

    private static Map<String, @Nullable Object> ingress(String name, List<Object> rules) {
        Map<String, @Nullable Object> ingress = object("networking.k8s.io/v1", "Ingress", name);
        ingress.put("spec", Map.of("ingressClassName", "kong", "rules", rules));
        return ingress;
    }

    private static Object rule(String host, String... paths) {
        List<Object> all = new ArrayList<>();
        for (String path : paths) {
            Object service = Map.of("name", "web", "port", Map.of("number", 80L));
            all.add(Map.of("path", path, "pathType", "ImplementationSpecific", "backend", Map.of("service", service)));
        }
        return Map.of("host", host, "http", Map.of("paths", all));
    }

    /** Together with an Ingress and a Service that nothing is wrong with. */
    private static Translation translate(List<Map<String, @Nullable Object>> hostile) {
        List<Decoded> objects = new ArrayList<>();
        hostile.forEach(tree -> ObjectDecoder.decode(tree).ifPresent(objects::add));
        Map<String, @Nullable Object> service = object("v1", "Service", "web");
        service.put("spec", Map.of("ports", List.of(Map.of("port", 80L))));
        ObjectDecoder.decode(service).ifPresent(objects::add);
        ObjectDecoder.decode(ingress("good", List.of(rule("good.test", "/good"))))
                .ifPresent(objects::add);
        Translation translation = TRANSLATOR.translate(ClusterObjects.of(objects));
        assertThat(translation.programmed()).anyMatch(object -> object.name().equals("good"));
        return translation;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/~/((((a{1,100}){1,100}){1,100}){1,100})",
                "/~/(?=a)((((a{1,100}){1,100}){1,100}){1,100})",
            })
    void anExpressionWithoutRoomInMemoryIsRefused(String path) {
        Translation translation = translate(List.of(ingress("bad", List.of(rule("bad.test", path)))));

        assertThat(translation.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.object().name()).isEqualTo("bad");
            assertThat(problem.effect()).isEqualTo(Effect.REFUSED);
            assertThat(problem.field()).isEqualTo("spec.rules[0].http.paths[0].path");
            assertThat(problem.reason()).contains(path.substring(1, 20), "expected: at most 10000 characters");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 5_000, 100_000})
    void anExpressionOfNestedGroupsIsRefused(int groups) {
        String path = "/~/" + "(".repeat(groups) + ")".repeat(groups);

        Translation translation = translate(List.of(ingress("bad", List.of(rule("bad.test", path)))));

        assertThat(translation.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.object().name()).isEqualTo("bad");
            assertThat(problem.effect()).isEqualTo(Effect.REFUSED);
            assertThat(problem.reason()).contains("expected: at most 200 levels");
        });
    }

    /** As many different words as annotations have room for. */
    private static String words() {
        StringBuilder words = new StringBuilder();
        for (int i = 0; words.length() < 250_000; i++) {
            words.append("w").append(Integer.toString(i, 36)).append(',');
        }
        return words.toString();
    }

    private static Map<String, @Nullable Object> annotated(Map<String, String> annotations, List<Object> rules) {
        Map<String, @Nullable Object> ingress = ingress("bad", rules);
        ingress.put("metadata", Map.of("name", "bad", "namespace", "shop", "annotations", annotations));
        return ingress;
    }

    private static List<Object> rules(int count) {
        List<Object> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rules.add(rule("h" + i + ".test", "/"));
        }
        return rules;
    }

    @ParameterizedTest
    @ValueSource(strings = {"plugins", "tags", "host-aliases", "snis", "methods"})
    @Timeout(10)
    void listsOfManyWordsCostAsMuchAsTheyAreLong(String annotation) {
        Translation translation = translate(List.of(annotated(Map.of("konghq.com/" + annotation, words()), rules(2))));

        assertThat(translation.programmed()).anyMatch(object -> object.name().equals("bad"));
    }

    @Test
    @Timeout(10)
    void manyHeadersCostAsMuchAsTheyAreLong() {
        Map<String, String> annotations = new LinkedHashMap<>();
        for (int i = 0; i < 10_000; i++) {
            annotations.put("konghq.com/headers.x" + i, "v");
        }

        Translation translation = translate(List.of(annotated(annotations, rules(2))));

        assertThat(translation.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plugins", "tags", "host-aliases", "headers.x"})
    void listsForManyPathsAreRefused(String annotation) {
        Translation translation =
                translate(List.of(annotated(Map.of("konghq.com/" + annotation, words()), rules(1_000))));

        assertThat(translation.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.object().name()).isEqualTo("bad");
            assertThat(problem.effect()).isEqualTo(Effect.REFUSED);
            assertThat(problem.field()).isEqualTo("metadata.annotations");
            assertThat(problem.reason()).contains("MB in all the places", "expected: at most 64 MB");
        });
    }

    @Test
    @Timeout(10)
    void tenThousandPathsOfOneIngressAreServed() {
        String[] paths = new String[10_000];
        for (int i = 0; i < paths.length; i++) {
            paths[i] = "/p" + i;
        }

        Translation translation = translate(List.of(
                ingress("bad", List.of(rule("bad.test", paths))), ingress("twin", List.of(rule("bad.test", paths)))));

        assertThat(translation.problems())
                .hasSize(10_000)
                .allMatch(problem -> problem.object().name().equals("twin"));
    }

    @Test
    void aLargePluginForManyRoutesIsRefused() {
        Map<String, @Nullable Object> plugin = object("configuration.konghq.com/v1", "KongPlugin", "large");
        plugin.put("plugin", "cors");
        plugin.put("config", Map.of("headers", List.of("x".repeat(1_000_000))));

        Translation translation =
                translate(List.of(plugin, annotated(Map.of("konghq.com/plugins", "large"), rules(1_000))));

        assertThat(translation.problems()).anySatisfy(problem -> {
            assertThat(problem.object().name()).isEqualTo("large");
            assertThat(problem.effect()).isEqualTo(Effect.REFUSED);
            assertThat(problem.reason()).contains("expected: at most 64 MB");
        });
    }

    @Test
    void aLargePolicyForManyUpstreamsIsRefused() {
        Map<String, @Nullable Object> policy =
                object("configuration.konghq.com/v1beta1", "KongUpstreamPolicy", "large");
        Map<String, Object> headers = Map.of("x-large", List.of("x".repeat(1_000_000)));
        policy.put("spec", Map.of("healthchecks", Map.of("active", Map.of("headers", headers))));
        Map<String, @Nullable Object> service = object("v1", "Service", "many");
        Map<String, String> annotations = Map.of("konghq.com/upstream-policy", "large");
        service.put("metadata", Map.of("name", "many", "namespace", "shop", "annotations", annotations));
        service.put("spec", Map.of("ports", List.of(Map.of("port", 80L))));
        List<Object> paths = new ArrayList<>();
        for (long port = 1; port <= 1_000; port++) {
            Object backend = Map.of("service", Map.of("name", "many", "port", Map.of("number", port)));
            paths.add(Map.of("path", "/" + port, "pathType", "Exact", "backend", backend));
        }
        Object rule = Map.of("host", "many.test", "http", Map.of("paths", paths));

        Translation translation = translate(List.of(policy, service, ingress("many", List.of(rule))));

        assertThat(translation.problems()).anySatisfy(problem -> {
            assertThat(problem.object().name()).isEqualTo("large");
            assertThat(problem.effect()).isEqualTo(Effect.REFUSED);
            assertThat(problem.reason()).contains("expected: at most 64 MB");
        });
    }
}
