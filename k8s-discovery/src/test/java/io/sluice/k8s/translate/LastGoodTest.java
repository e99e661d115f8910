package io.sluice.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import io.sluice.k8s.translate.draft.TranslationSettings;
import io.sluice.state.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LastGoodTest {

    private final LastGood lastGood =
            new LastGood(new Translator(new TranslationSettings("kong", ""), new SchemaRules()));

    @Test
    void aRefusedObjectStaysInItsLastGoodForm() {
        Translation before = lastGood.translate(List.of(service(), ingress("site", "/good")));

        Translation after = lastGood.translate(List.of(service(), ingress("site", "/~/bad(")));

        assertThat(after.document()).isEqualTo(before.document());
        assertThat(after.problems()).anyMatch(problem -> problem.reason().contains("invalid regex"));
        assertThat(after.programmed()).noneMatch(object -> object.kind().equals("Ingress"));
    }

    @Test
    void whoReliesOnARefusedObjectIsNotTold() {
        lastGood.translate(List.of(service(), limited(), plugin(5)));

        Translation after = lastGood.translate(List.of(service(), limited(), plugin(-1)));

        assertThat(after.document().get("plugins").toString()).contains("minute=5");
        assertThat(after.problems())
                .extracting(Object::toString)
                .containsExactly(
                        "KongPlugin default/limit: config.minute: -1 (value must be greater than 0)",
                        "KongPlugin default/limit: the form it had before it was refused is still in force");
        assertThat(after.programmed()).extracting(Object::toString).contains("Ingress default/limited");
    }

    @Test
    void itIsFollowedAgainOnceItIsGood() {
        lastGood.translate(List.of(service(), ingress("site", "/good")));
        lastGood.translate(List.of(service(), ingress("site", "/~/bad(")));

        Translation repaired = lastGood.translate(List.of(service(), ingress("site", "/better")));

        assertThat(repaired.document().toString()).contains("/better").doesNotContain("/good");
        assertThat(repaired.problems()).isEmpty();
    }

    @Test
    void itsLastGoodFormGoesWithIt() {
        lastGood.translate(List.of(service(), ingress("site", "/good")));
        lastGood.translate(List.of(service(), ingress("site", "/~/bad(")));

        Translation without = lastGood.translate(List.of(service()));

        assertThat(without.document()).doesNotContainKey("services");
    }

    @Test
    void whatNeverWasGoodIsLeftOut() {
        Translation translation =
                lastGood.translate(List.of(service(), ingress("site", "/~/bad("), ingress("other", "/x")));

        assertThat(translation.document().toString()).contains("/x").doesNotContain("bad(");
    }

    @Test
    void whatWasBadBeforeAnythingUsedItIsNotSaidToBeInForce() {
        lastGood.translate(List.of(service(), plugin(-1)));

        Translation used = lastGood.translate(List.of(service(), limited(), plugin(-1)));

        assertThat(used.document()).doesNotContainKey("plugins");
        assertThat(used.problems())
                .extracting(Object::toString)
                .contains("KongPlugin default/limit: config.minute: -1 (value must be greater than 0)")
                .noneMatch(problem -> problem.contains(LastGood.STILL_IN_FORCE));
    }

    @Test
    void whatTheGatewayRejectsGoesOnInTheFormItHadBefore() {
        Translation before = lastGood.translate(List.of(service(), ingress("site", "/good")));
        List<Decoded> objects = List.of(service(), ingress("site", "/clash"));
        lastGood.translate(objects);

        Translation after = lastGood.without(objects, rejected("site"), Set.of());

        assertThat(after.document()).isEqualTo(before.document());
        assertThat(after.problems())
                .extracting(Object::toString)
                .containsExactly(
                        "Ingress default/site: paths: taken",
                        "Ingress default/site: the form it had before it was refused is still in force");
    }

    @Test
    void whatTheGatewayRejectsInItsFormerFormTooIsLeftOut() {
        lastGood.translate(List.of(service(), ingress("site", "/good")));
        List<Decoded> objects = List.of(service(), ingress("site", "/clash"));
        lastGood.translate(objects);
        lastGood.without(objects, rejected("site"), Set.of());

        Translation after =
                lastGood.without(objects, rejected("site"), rejected("site").keySet());
        Translation next = lastGood.without(objects, rejected("site"), Set.of());

        assertThat(after.document()).doesNotContainKey("services");
        assertThat(next.document().toString()).contains("/good");
    }

    private static Map<ObjectRef, List<Problem>> rejected(String name) {
        ObjectRef object = new ObjectRef("Ingress", "default", name);
        return Map.of(object, List.of(new Problem(object.toString(), "paths", "taken")));
    }

    private static Decoded limited() {
        Map<String, Object> backend = Map.of("service", Map.of("name", "web", "port", Map.of("number", 80)));
        Map<String, Object> rule = Map.of("http", Map.of("paths", List.of(Map.of("path", "/x", "backend", backend))));
        Map<String, Object> metadata = Map.of("name", "limited", "annotations", Map.of("konghq.com/plugins", "limit"));
        return ObjectDecoder.decode(
                WatchedKinds.of("Ingress").orElseThrow(),
                Map.of("metadata", metadata, "spec", Map.of("ingressClassName", "kong", "rules", List.of(rule))));
    }

    private static Decoded plugin(int minute) {
        return ObjectDecoder.decode(
                WatchedKinds.of("KongPlugin").orElseThrow(),
                Map.of(
                        "metadata", Map.of("name", "limit"),
                        "plugin", "rate-limiting",
                        "config", Map.of("minute", minute)));
    }

    private static Decoded service() {
        return decoded(WatchedKinds.of("Service").orElseThrow(), "web", Map.of("ports", List.of(Map.of("port", 80))));
    }

    private static Decoded ingress(String name, String path) {
        Map<String, Object> backend = Map.of("service", Map.of("name", "web", "port", Map.of("number", 80)));
        Map<String, Object> rule = Map.of("http", Map.of("paths", List.of(Map.of("path", path, "backend", backend))));
        WatchedKind kind = WatchedKinds.of("Ingress").orElseThrow();
        return decoded(kind, name, Map.of("ingressClassName", "kong", "rules", List.of(rule)));
    }

    private static Decoded decoded(WatchedKind kind, String name, Map<String, Object> spec) {
        return ObjectDecoder.decode(kind, Map.of("metadata", Map.of("name", name), "spec", spec));
    }
}
