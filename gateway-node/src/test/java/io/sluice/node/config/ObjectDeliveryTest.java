package io.sluice.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.LastGood;
import io.sluice.k8s.translate.Translator;
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
import org.junit.jupiter.api.Test;

class ObjectDeliveryTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
    private static final EntityCheck CHECK =
            new EntityCheck(PluginRegistry.of(BuiltInPlugins.all()), RouterFlavor.TRADITIONAL_COMPATIBLE, CLOCK);

    private final DeclarativeReader reader = new DeclarativeReader(CHECK, new Random(1), CLOCK, DocumentLimits.DEFAULT);
    private final List<Map<String, Object>> offered = new ArrayList<>();
    private String notWanted = "(nothing)";
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
        if (notWanted.equals("everything")) {
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
        Map<String, Object> backend = Map.of("service", Map.of("name", "web", "port", Map.of("number", 80)));
        Map<String, Object> rule = Map.of("http", Map.of("paths", List.of(Map.of("path", path, "backend", backend))));
        return decoded("Ingress", name, Map.of("ingressClassName", "kong", "rules", List.of(rule)));
    }

    private static Decoded service() {
        return decoded("Service", "web", Map.of("ports", List.of(Map.of("port", 80))));
    }

    private static Decoded decoded(String name, String object, Map<String, Object> spec) {
        WatchedKind kind = WatchedKinds.of(name).orElseThrow();
        return ObjectDecoder.decode(
                kind, Map.of("metadata", Map.of("name", object, "namespace", "shop"), "spec", spec));
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
    void keepsTheLastGoodOneIfNoObjectIsToBlame() {
        delivery.deliver(List.of(service(), ingress("a", "/a")));
        String before = live;
        notWanted = "everything";

        Delivered refused = delivery.deliver(List.of(service(), ingress("a", "/b")));
        notWanted = "(nothing)";
        Delivered back = delivery.deliver(List.of(service(), ingress("a", "/c")));

        assertThat(refused.live()).isFalse();
        assertThat(refused.hash()).isEqualTo(before);
        assertThat(refused.refusals()).hasToString("[document: cannot be put to work]");
        assertThat(back.live()).isTrue();
        assertThat(back.refusals()).isEmpty();
    }
}
