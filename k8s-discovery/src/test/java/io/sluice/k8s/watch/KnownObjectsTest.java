package io.sluice.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.Secret;
import io.sluice.k8s.api.WatchedKinds;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownObjectsTest {

    private final KnownObjects ingresses =
            new KnownObjects(WatchedKinds.of("Ingress").orElseThrow());
    private final KnownObjects secrets =
            new KnownObjects(WatchedKinds.of("Secret").orElseThrow());

    private static GenericKubernetesResource object(String yaml) {
        return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    }

    private static GenericKubernetesResource ingress(String name, String version, String host, String status) {
        return object("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: %s
                  namespace: shop
                  resourceVersion: "%s"
                  managedFields: [{manager: kubectl, operation: Apply, time: "2026-01-31T12:00:00Z"}]
                spec: {rules: [{host: %s}]}
                status: {note: %s}
                """.formatted(name, version, host, status));
    }

    private List<String> names() {
        return ingresses.all().stream()
                .map(one -> one.metadata().name())
                .sorted()
                .toList();
    }

    @Test
    void takesANewStatusForNoChange() {
        assertThat(ingresses.put(ingress("web", "1", "a.test", "old"))).isTrue();

        assertThat(ingresses.put(ingress("web", "2", "a.test", "new"))).isFalse();
        assertThat(ingresses.put(ingress("web", "3", "b.test", "new"))).isTrue();
    }

    @Test
    void knowsTheStatusWithItsVersion() {
        ingresses.put(ingress("web", "1", "a.test", "old"));
        ingresses.put(ingress("web", "2", "a.test", "new"));

        assertThat(ingresses.status("shop", "web")).hasValue(new PresentStatus("2", Map.of("note", "new")));
        assertThat(ingresses.status("shop", "other")).isEmpty();
    }

    @Test
    void decodesOnlyWhatHasANewVersion() {
        ingresses.put(ingress("web", "1", "a.test", "x"));
        ingresses.put(ingress("shop", "1", "b.test", "x"));
        Decoded before = ingresses.all().stream()
                .filter(one -> one.metadata().name().equals("web"))
                .findFirst()
                .orElseThrow();

        KnownObjects.Listing listing = ingresses.new Listing();
        listing.add(List.of(ingress("web", "1", "a.test", "x"), ingress("shop", "2", "c.test", "x")));

        assertThat(listing.take()).isTrue();
        assertThat(ingresses.all()).hasSize(2).anyMatch(one -> one == before);
    }

    @Test
    void forgetsWhatAListDoesNotHaveAnyMore() {
        ingresses.put(ingress("web", "1", "a.test", "x"));
        ingresses.put(ingress("gone", "1", "b.test", "x"));

        KnownObjects.Listing listing = ingresses.new Listing();
        listing.add(List.of(ingress("web", "1", "a.test", "x")));
        boolean changed = listing.take();

        assertThat(changed).isTrue();
        assertThat(names()).containsExactly("web");
    }

    @Test
    void noticesThatAListSaysNothingNew() {
        ingresses.put(ingress("web", "1", "a.test", "x"));

        KnownObjects.Listing listing = ingresses.new Listing();
        listing.add(List.of(ingress("web", "9", "a.test", "y")));

        assertThat(listing.take()).isFalse();
    }

    @Test
    void removesOnlyWhatItKnows() {
        ingresses.put(ingress("web", "1", "a.test", "x"));

        assertThat(ingresses.remove(ingress("other", "2", "a.test", "x"))).isFalse();
        assertThat(ingresses.remove(ingress("web", "2", "a.test", "x"))).isTrue();
        assertThat(names()).isEmpty();
    }

    @Test
    void leavesSecretsOfOthersAlone() {
        boolean release = secrets.put(object("""
                apiVersion: v1
                kind: Secret
                metadata: {name: sh.helm.release.v1.x, namespace: shop, resourceVersion: "1"}
                type: helm.sh/release.v1
                data: {release: QQ==}
                """));
        boolean own = secrets.put(object("""
                apiVersion: v1
                kind: Secret
                metadata: {name: key, namespace: shop, resourceVersion: "1"}
                type: Opaque
                data: {key: QQ==}
                """));

        assertThat(release).isFalse();
        assertThat(own).isTrue();
        assertThat(secrets.all())
                .singleElement()
                .satisfies(one -> assertThat(one.object()
                                .map(Secret.class::cast)
                                .orElseThrow()
                                .values())
                        .containsEntry("key", "A"));
    }
}
