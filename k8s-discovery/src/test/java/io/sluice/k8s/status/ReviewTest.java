package io.sluice.k8s.status;

import static io.sluice.k8s.status.Samples.decoded;
import static io.sluice.k8s.status.Samples.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.status.Notice.Reason;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.draft.Effect;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReviewTest {

    private final Decoded plugin = Samples.plugin("one", 1);
    private final Decoded ingress = Samples.ingress("grafana");
    private final Decoded policy = Samples.policy("p");
    private final Decoded service = Samples.service("s", "p");

    private static Review review(Delivered delivered) {
        LiveForms forms = new LiveForms();
        forms.deliver(delivered, 0);
        forms.heard(Map.of(1L, "a"));
        return new Review(
                delivered,
                new Verdicts(delivered, forms, 1, 0),
                "kong",
                List.of(Address.of("10.0.0.1")),
                Instant.EPOCH);
    }

    @Test
    void eachKindHasItsOwnStatus() {
        Review review = review(of(plugin, ingress, policy, service).live("a"));

        assertThat(review.subjects()).containsExactlyInAnyOrder(plugin, ingress, policy);
        assertThat(review.patch(plugin, Samples.status("")))
                .hasValueSatisfying(patch -> assertThat(patch.body())
                        .containsKey("status")
                        .hasToString("{metadata={resourceVersion=7}, status={conditions=[{type=Programmed, status=True,"
                                + " observedGeneration=1, lastTransitionTime=1970-01-01T00:00:00Z, reason=Programmed,"
                                + " message=live on 1 of 1 node}]}}"));
        assertThat(review.patch(ingress, Samples.status("")))
                .hasValueSatisfying(
                        patch -> assertThat(patch.fields()).hasToString("{loadBalancer={ingress=[{ip=10.0.0.1}]}}"));
        assertThat(review.patch(policy, Samples.status("")))
                .hasValueSatisfying(patch ->
                        assertThat(Trees.objects(patch.fields(), "ancestors")).hasSize(1));
        assertThat(review.patch(service, Samples.status(""))).isEmpty();
    }

    @Test
    void whatWasWrittenIsNotWrittenAgain() {
        Review review = review(of(plugin, ingress, policy, service).live("a"));

        for (Decoded object : review.subjects()) {
            StatusPatch patch = review.patch(object, Samples.status("")).orElseThrow();
            assertThat(review.patch(object, patch.appliedTo(Samples.status(""), "8")))
                    .isEmpty();
        }
    }

    @Test
    void problemsAreToldByEventsWithFieldAndReason() {
        Review review = review(of(plugin, ingress)
                .problem(plugin, Effect.REFUSED, "config.minute", "-1 (expected: > 0)")
                .problem(plugin, Effect.NOTE, "run_on", "has no effect")
                .problem(ingress, Effect.PARTLY, "spec.rules[0]", "the older one has it")
                .problem(ingress, Effect.NOTE, "spec.tls[0]", "has no effect")
                .live("a"));

        assertThat(review.notices())
                .extracting(Notice::kind, Notice::reason, Notice::message)
                .containsExactly(
                        tuple("KongPlugin", Reason.TRANSLATION_FAILED, "config.minute: -1 (expected: > 0)"),
                        tuple("Ingress", Reason.TRANSLATION_FAILED, "spec.rules[0]: the older one has it"),
                        tuple("Ingress", Reason.NOTE, "spec.tls[0]: has no effect"));
    }

    @Test
    void anObjectWithThousandsOfProblemsIsToldOfTenTimesAndOnceOfTheRest() {
        var sample = of(plugin, ingress);
        for (int i = 0; i < 5_000; i++) {
            sample = sample.problem(ingress, Effect.PARTLY, "spec.rules[" + i + "]", "no");
        }
        Review review =
                review(sample.problem(plugin, Effect.REFUSED, "config", "no").live("a"));

        assertThat(review.notices()).hasSize(12);
        assertThat(review.notices())
                .extracting(Notice::message)
                .contains("spec.rules[9]: no", "config: no", "and 4990 more problems that are not told one by one");
    }

    @Test
    void nothingIsSaidAboutObjectsOfAnotherClass() {
        Decoded foreign = decoded("""
                apiVersion: configuration.konghq.com/v1
                kind: KongConsumer
                metadata: {name: c, namespace: shop, annotations: {kubernetes.io/ingress.class: other}}
                username: 5
                """);
        Review review = review(
                of(foreign).problem(foreign, Effect.REFUSED, "username", "5").live("a"));

        assertThat(review.subjects()).isEmpty();
        assertThat(review.notices()).isEmpty();
    }

    @Test
    void eventsOfWhatBelongsToTheClusterAreInTheDefaultNamespace() {
        Decoded vault = decoded("""
                apiVersion: configuration.konghq.com/v1alpha1
                kind: KongVault
                metadata: {name: v, uid: u}
                spec: {backend: env, prefix: v}
                """);
        Notice notice = Notice.about(vault.metadata(), Reason.TRANSLATION_FAILED, "no");

        assertThat(notice.eventNamespace()).isEqualTo("default");
        assertThat(notice.apiVersion()).isEqualTo("configuration.konghq.com/v1alpha1");
        assertThat(notice.eventName()).matches("v\\.[0-9a-f]{16}");
    }

    @Test
    void theSameNoticeHasTheSameNameEverywhereAndAnotherOneAnother() {
        Notice one = Notice.about(plugin.metadata(), Reason.TRANSLATION_FAILED, "no");
        Notice same = Notice.about(Samples.plugin("one", 5).metadata(), Reason.TRANSLATION_FAILED, "no");
        Notice other = Notice.about(plugin.metadata(), Reason.TRANSLATION_FAILED, "yes");

        assertThat(one.eventName()).isEqualTo(same.eventName()).isNotEqualTo(other.eventName());
    }
}
