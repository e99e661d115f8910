package io.sluice.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Problem;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectDecoderTest {

    static List<WatchedKind> kinds() {
        return WatchedKinds.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyWatchedKindHasADecoderThatNeverThrows(WatchedKind kind) {
        Map<String, Object> odd =
                Map.of("metadata", Map.of("name", "x"), "spec", List.of(1), "data", "no", "config", 5);

        Decoded decoded = ObjectDecoder.decode(kind, odd);

        assertThat(decoded.metadata().ref().kind()).isEqualTo(kind.kind());
        assertThat(decoded.object().isPresent()).isEqualTo(decoded.problems().isEmpty());
    }

    @Test
    void noTwoKindsShareANameOrAPath() {
        Set<String> seen = new HashSet<>();

        assertThat(WatchedKinds.all()).allMatch(kind -> seen.add(kind.kind()) && seen.add(kind.plural()));
    }

    @Test
    void otherVersionsAreNotRead() {
        assertThat(ObjectDecoder.decode(Map.of("apiVersion", "extensions/v1beta1", "kind", "Ingress")))
                .isEmpty();
    }

    @Test
    void metadataIsRead() {
        Map<String, Object> tree = Map.of(
                "metadata",
                Map.of(
                        "name", "web",
                        "namespace", "shop",
                        "uid", "u-1",
                        "generation", 3,
                        "creationTimestamp", "2026-01-02T03:04:05Z",
                        "labels", Map.of("a", "b")));

        Metadata metadata = ObjectDecoder.decode(WatchedKinds.SERVICE, tree).metadata();

        assertThat(metadata.ref()).hasToString("Service shop/web");
        assertThat(metadata.created()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(metadata.generation()).isEqualTo(3);
        assertThat(metadata.labels()).containsEntry("a", "b");
    }

    @Test
    void allBadFieldsAreToldAtOnce() {
        Map<String, Object> tree = Map.of(
                "metadata",
                Map.of("name", "site"),
                "spec",
                Map.of(
                        "ingressClassName",
                        5,
                        "rules",
                        List.of(Map.of(
                                "http",
                                Map.of(
                                        "paths",
                                        List.of(Map.of(
                                                "path",
                                                "/a",
                                                "backend",
                                                Map.of("service", Map.of("port", Map.of("number", 70_000))))))))));

        Decoded decoded = ObjectDecoder.decode(WatchedKinds.INGRESS, tree);

        assertThat(decoded.problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "Ingress default/site: spec.ingressClassName: 5 (expected: a string)",
                        "Ingress default/site: spec.rules[0].http.paths[0].backend.service.port.number: 70000 "
                                + "(expected: a whole number from 1 to 65535)",
                        "Ingress default/site: spec.rules[0].http.paths[0].backend.service.name: is missing "
                                + "(expected: a string)");
    }

    @Test
    void oneMebibyteOfAnnotationsIsRefused() {
        Map<String, Object> tree =
                Map.of("metadata", Map.of("name", "site", "annotations", Map.of("big", "x".repeat(1 << 20))));

        Decoded decoded = ObjectDecoder.decode(WatchedKinds.INGRESS, tree);

        assertThat(decoded.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "Ingress default/site: metadata.annotations: 1048579 bytes (expected: at most 262144)");
    }

    @ParameterizedTest
    @ValueSource(ints = {51, 9_990})
    void whatIsNestedTooDeepIsRefused(int levels) {
        Object deep = 1;
        for (int i = 0; i < levels; i++) {
            deep = i % 2 == 0 ? List.of(deep) : Map.of("a", deep);
        }
        Map<String, Object> tree = Map.of("metadata", Map.of("name", "p"), "plugin", "cors", "config", deep);

        Decoded decoded = ObjectDecoder.decode(WatchedKinds.PLUGIN, tree);

        assertThat(decoded.object()).isEmpty();
        assertThat(decoded.problems())
                .extracting(Problem::toString)
                .containsExactly("KongPlugin default/p: config: is nested too deep (expected: at most 50 levels)");
    }

    @Test
    void fiftyLevelsAreFine() {
        Object deep = "x";
        for (int i = 0; i < 50; i++) {
            deep = Map.of("a", deep);
        }
        Map<String, Object> tree = Map.of("metadata", Map.of("name", "p"), "plugin", "cors", "config", deep);

        assertThat(ObjectDecoder.decode(WatchedKinds.PLUGIN, tree).problems()).isEmpty();
    }

    @Test
    void valuesInProblemsAreShortAndOnOneLine() {
        assertThat(Quote.of("a\nb\u001b[31m" + "x".repeat(200)))
                .doesNotContain("\n", "\u001b")
                .hasSizeLessThan(90);
    }

    @Test
    void secretsAreDecodedAndNotShown() {
        String text =
                Base64.getEncoder().encodeToString("very-secret".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Map<String, Object> tree = Map.of("metadata", Map.of("name", "s"), "data", Map.of("key", text));

        KubeObject secret =
                ObjectDecoder.decode(WatchedKinds.SECRET, tree).object().orElseThrow();

        assertThat(((Secret) secret).values()).containsEntry("key", "very-secret");
        assertThat(secret.toString()).doesNotContain("very-secret").doesNotContain(text);
    }
}
