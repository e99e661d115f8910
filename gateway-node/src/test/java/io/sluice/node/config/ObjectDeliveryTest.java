package io.sluice.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.LastGood;
import io.sluice.k8s.translate.Translator;
import io.sluice.k8s.translate.draft.Effect;
import io.sluice.k8s.translate.draft.TranslationSettings;
import io.sluice.node.config.document.ConfigErrors;
import io.sluice.node.config.document.DeclarativeReader;
import io.sluice.node.config.document.DocumentLimits;
import io.sluice.node.config.document.EntityCheck;
import io.sluice.node.config.document.KubernetesRules;
import io.sluice.node.config.document.ReadResult;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugins.BuiltInPlugins;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.RouterFlavor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObjectDeliveryTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
    private static final EntityCheck CHECK =
            new EntityCheck(PluginRegistry.of(BuiltInPlugins.all()), RouterFlavor.TRADITIONAL_COMPATIBLE, CLOCK);

    private final DeclarativeReader reader = new DeclarativeReader(CHECK, new Random(1), CLOCK, DocumentLimits.DEFAULT);
    private final List<Map<String, Object>> offered = new ArrayList<>();
    private String notWanted = "(nothing)";
    private Predicate<Map<String, Object>> crashes = root -> false;
    private String live = GatewayConfig.EMPTY_HASH;
    private final ObjectDelivery delivery = new ObjectDelivery(
            new LastGood(new Translator(new TranslationSettings("kong", ""), new KubernetesRules(CHECK))),
            GatewayConfig.EMPTY_HASH,
            this::offer);

    /** As the keeper does, and refuses what has a certain text in a route besides. */
    private Outcome offer(Candidate candidate) {
        Map<String, Object> root = ((Candidate.Tree) candidate).root();
        offered.add(root);
        String hash = DeclarativeReader.hash(root);
        if (hash.equals(live)) {
            return new Outcome.Unchanged(hash);
        }
        if (crashes.test(root)) {
            return new Outcome.Refused(ConfigErrors.whole("cannot be put to work"));
        }
        breakRoutes(root);
        ReadResult result = reader.read(root, hash);
        result.config().ifPresent(config -> live = config.hash());
        return result.config().isPresent()
                ? new Outcome.Live(result.config().get(), List.of())
                : new Outcome.Refused(result.errors());
    }

    @SuppressWarnings("unchecked")
    private void breakRoutes(Map<String, Object> root) {
        for (Object service : (List<?>) root.getOrDefault("services", List.of())) {
            for (Object route : (List<?>) ((Map<?, ?>) service).get("routes")) {
                if (((Map<?, ?>) route).get("paths").toString().contains(notWanted)) {
                    ((Map<String, Object>) route).put("paths", List.of("no path"));
                }
            }
        }
    }

    private static Decoded ingress(String name, String path) {
        return ingress(name, path, 0);
    }

    private static Decoded ingress(String name, String path, int second) {
        Map<String, Object> backend = Map.of("service", Map.of("name", "web", "port", Map.of("number", 80)));
        Map<String, Object> rule = Map.of("http", Map.of("paths", List.of(Map.of("path", path, "backend", backend))));
        return decoded("Ingress", name, second, Map.of("ingressClassName", "kong", "rules", List.of(rule)));
    }

    private static Decoded service() {
        return decoded("Service", "web", 0, Map.of("ports", List.of(Map.of("port", 80))));
    }

    private static Decoded decoded(String name, String object, int second, Map<String, Object> spec) {
        WatchedKind kind = WatchedKinds.of(name).orElseThrow();
        return ObjectDecoder.decode(
                kind,
                Map.of(
                        "metadata",
                        Map.of(
                                "name",
                                object,
                                "namespace",
                                "shop",
                                "creationTimestamp",
                                "2026-01-01T00:00:%02dZ".formatted(second)),
                        "spec",
                        spec));
    }

    @Test
    void offersADocumentOnlyIfItIsAnotherThanTheLast() {
        Delivered first = delivery.deliver(List.of(service(), ingress("a", "/a")));
        Delivered same = delivery.deliver(List.of(ingress("a", "/a"), service()));

        assertThat(offered).hasSize(1);
        assertThat(first.live()).isTrue();
        assertThat(first.hash()).isEqualTo(live).isNotEqualTo(GatewayConfig.EMPTY_HASH);
        assertThat(same.live()).isTrue();
        assertThat(same.hash()).isEqualTo(first.hash());
    }

    @Test
    void offersAnEmptyClusterToo() {
        Delivered delivered = delivery.deliver(List.of());

        assertThat(delivered.live()).isTrue();
        assertThat(delivered.hash()).isEqualTo(GatewayConfig.EMPTY_HASH);
    }

    @Test
    void leavesOutTheObjectThatARefusalIsAbout() {
        notWanted = "/clash";

        Delivered delivered = delivery.deliver(List.of(service(), ingress("a", "/a"), ingress("b", "/clash")));

        assertThat(delivered.live()).isTrue();
        assertThat(offered).hasSize(2);
        assertThat(offered.get(1).toString()).contains("/a").doesNotContain("clash");
        assertThat(delivered.translation().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.object()).hasToString("Ingress shop/b");
            assertThat(problem.field()).startsWith("route.paths");
            assertThat(problem.reason()).contains("should start with");
        });
    }

    @Test
    void goesBackToTheFormerFormOfAnObjectThatIsRefusedTogetherWithOthers() {
        delivery.deliver(List.of(service(), ingress("a", "/a")));
        String before = live;
        notWanted = "/clash";

        Delivered changed = delivery.deliver(List.of(service(), ingress("a", "/clash")));
        Delivered same = delivery.deliver(List.of(service(), ingress("a", "/clash")));
        notWanted = "(nothing)";
        Delivered repaired = delivery.deliver(List.of(service(), ingress("a", "/b")));

        assertThat(changed.live()).isTrue();
        assertThat(changed.hash()).isEqualTo(before);
        assertThat(changed.translation().problems()).hasSize(2);
        assertThat(same.translation().problems())
                .isEqualTo(changed.translation().problems());
        assertThat(repaired.translation().problems()).isEmpty();
        assertThat(repaired.hash()).isNotEqualTo(before);
    }

    @Test
    void leavesOutTheFormerFormThatIsRefusedToo() {
        delivery.deliver(List.of(service(), ingress("a", "/a")));
        notWanted = "/a";

        Delivered delivered = delivery.deliver(List.of(service(), ingress("a", "/a2"), ingress("c", "/c")));

        assertThat(delivered.live()).isTrue();
        assertThat(offered).hasSize(4);
        assertThat(offered.get(3).toString()).contains("/c").doesNotContain("/a");
    }

    @Test
    void findsTheOneObjectAmongManyThatARefusalWithoutNamesIsAbout() {
        List<Decoded> objects = new ArrayList<>(List.of(service()));
        IntStream.range(0, 200).forEach(k -> objects.add(ingress("a" + k, "/a" + k)));
        objects.add(120, ingress("bad", "/crash"));
        crashes = root -> root.toString().contains("/crash");

        Delivered delivered = delivery.deliver(objects);
        Delivered same = delivery.deliver(objects);

        assertThat(delivered.live()).isTrue();
        assertThat(delivered.refusals()).isEmpty();
        assertThat(delivered.hash()).isEqualTo(live);
        assertThat(delivered.translation().programmed()).hasSize(201);
        assertThat(delivered.translation().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.object()).hasToString("Ingress shop/bad");
            assertThat(problem.effect()).isEqualTo(Effect.REFUSED);
            assertThat(problem.reason()).isEqualTo("cannot be put to work");
        });
        assertThat(offered).hasSizeLessThan(25);
        assertThat(same.translation().problems())
                .isEqualTo(delivered.translation().problems());
    }

    @Test
    void refusesTheYoungerOfTwoThatCannotBeTogether() {
        crashes = root -> root.toString().contains("/red") && root.toString().contains("/blue");

        Delivered delivered = delivery.deliver(
                List.of(service(), ingress("y", "/red", 20), ingress("a", "/a"), ingress("z", "/blue", 10)));

        assertThat(delivered.live()).isTrue();
        assertThat(delivered.translation().problems())
                .extracting(problem -> problem.object().toString())
                .containsExactly("Ingress shop/y");
        assertThat(delivered.translation().document().toString())
                .contains("/a", "/blue")
                .doesNotContain("/red");
    }

    @Test
    void aChangeThatIsRefusedWithoutNamesLeavesTheFormerFormAndTheOtherChangesInForce() {
        delivery.deliver(List.of(service(), ingress("a", "/a"), ingress("b", "/b"), ingress("c", "/c")));
        crashes = root -> root.toString().contains("/crash");

        Delivered changed = delivery.deliver(List.of(
                service(), ingress("a", "/a"), ingress("b", "/crash"), ingress("c", "/c2"), ingress("d", "/d")));

        assertThat(changed.live()).isTrue();
        assertThat(changed.hash()).isEqualTo(live);
        assertThat(changed.translation().document().toString()).contains("/a", "/b", "/c2", "/d");
        assertThat(changed.translation().problems())
                .extracting(problem -> problem.object() + ": " + problem.reason())
                .containsExactly("Ingress shop/b: cannot be put to work", "Ingress shop/b: " + LastGood.STILL_IN_FORCE);

        Delivered more = delivery.deliver(List.of(
                service(), ingress("a", "/a3"), ingress("b", "/crash"), ingress("c", "/c2"), ingress("d", "/d")));
        assertThat(more.translation().document().toString()).contains("/a3", "/b", "/c2", "/d");
        assertThat(more.live()).isTrue();
    }

    @Test
    void findsEachOfSeveral() {
        List<Decoded> objects = new ArrayList<>(List.of(service()));
        IntStream.range(0, 40).forEach(k -> objects.add(ingress("a" + k, (k % 13 == 5 ? "/crash" : "/a") + k)));
        crashes = root -> root.toString().contains("/crash");

        Delivered delivered = delivery.deliver(objects);

        assertThat(delivered.live()).isTrue();
        assertThat(delivered.translation().problems())
                .extracting(problem -> problem.object().name())
                .containsExactlyInAnyOrder("a5", "a18", "a31");
        assertThat(delivered.translation().programmed()).hasSize(38);
    }

    @Test
    void keepsTheLastGoodOneIfNoObjectIsToBlame() {
        delivery.deliver(List.of(service(), ingress("a", "/a"), ingress("b", "/b")));
        String before = live;
        crashes = root -> true;

        // Without b it is another document, also with the former form of a.
        Delivered refused = delivery.deliver(List.of(service(), ingress("a", "/a2")));
        delivery.deliver(List.of(service(), ingress("a", "/a2")));
        crashes = root -> root.toString().contains("/a2");
        Delivered found = delivery.deliver(List.of(service(), ingress("a", "/a2"), ingress("d", "/d")));
        crashes = root -> false;
        Delivered back = delivery.deliver(List.of(service(), ingress("a", "/c")));

        assertThat(refused.live()).isFalse();
        assertThat(refused.hash()).isEqualTo(before);
        assertThat(refused.refusals()).hasToString("[document: cannot be put to work]");
        assertThat(found.live()).isTrue();
        assertThat(found.translation().document().toString())
                .contains("/d", "paths=[/a]")
                .doesNotContain("/a2");
        assertThat(back.live()).isTrue();
        assertThat(back.refusals()).isEmpty();
    }

    @Test
    void givesUpAfterManyTriesAndServesWhatItHas() {
        List<Decoded> objects = new ArrayList<>(List.of(service()));
        IntStream.range(0, 200).forEach(k -> objects.add(ingress("a" + k, "/a" + k)));
        crashes = root -> root.toString().contains("/a");

        Delivered delivered = delivery.deliver(objects);

        assertThat(delivered.live()).isTrue();
        assertThat(offered).hasSizeLessThan(110);
        assertThat(delivered.translation().document().toString()).doesNotContain("/a");
        assertThat(delivered.translation().problems()).hasSizeGreaterThanOrEqualTo(200);
    }
}
