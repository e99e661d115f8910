package io.sluice.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sluice.k8s.access.AccessSettings;
import io.sluice.k8s.access.ClusterAccess;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.Ingress;
import io.sluice.k8s.api.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectWatchTest {

    private final MockCluster cluster = new MockCluster();
    private final KubernetesClient client = cluster.open();
    private final List<Collection<Decoded>> handedOver = new CopyOnWriteArrayList<>();
    private ObjectWatch watch;

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
        }
        client.close();
        cluster.close();
    }

    private static WatchSettings settings(String... namespaces) {
        return new WatchSettings(
                Set.of(namespaces),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                Duration.ofSeconds(60),
                Duration.ofSeconds(15));
    }

    /** The mock server never ends a watch by itself. */
    private static WatchSettings impatient() {
        WatchSettings usual = settings();
        return new WatchSettings(
                Set.of(),
                usual.holdOff(),
                usual.longestHoldOff(),
                usual.firstPause(),
                usual.longestPause(),
                usual.absentPause(),
                Duration.ofMillis(200),
                Duration.ofMillis(100));
    }

    private void start(String... namespaces) {
        watch = ObjectWatch.start(client, settings(namespaces), handedOver::add);
    }

    private List<String> latest() {
        return handedOver.isEmpty()
                ? List.of()
                : handedOver.get(handedOver.size() - 1).stream()
                        .map(one -> one.metadata().ref().toString())
                        .sorted()
                        .toList();
    }

    private static String service(String namespace, String name, int port) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: %s, annotations: {note: "größer"}}
                spec: {ports: [{port: %d}]}
                """.formatted(name, namespace, port);
    }

    private static final String PLUGIN = """
            apiVersion: configuration.konghq.com/v1
            kind: KongClusterPlugin
            metadata: {name: cors}
            plugin: cors
            """;

    private static final String INGRESS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: a}
            spec: {rules: [{host: web.test}]}
            """;

    private static final String ENDPOINTS = """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: web, namespace: a}
            subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]
            """;

    @Test
    void handsEverythingOverOnceAllKindsAreKnown() {
        cluster.apply(service("a", "web", 80));
        cluster.apply(INGRESS);
        cluster.apply(PLUGIN);

        start();
        watch.first().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();

        assertThat(latest()).containsExactly("Ingress a/web", "KongClusterPlugin cors", "Service a/web");
        assertThat(handedOver).hasSize(1);
        assertThat(watch.complaints()).isEmpty();
    }

    @Test
    void handsOverWhatIsAddedChangedAndDeleted() {
        start();
        await().until(() -> handedOver.size() == 1);

        cluster.apply(service("a", "web", 80));
        await().until(() -> latest().equals(List.of("Service a/web")));
        cluster.apply(service("a", "web", 81));
        await().until(() -> port() == 81);
        cluster.delete(service("a", "web", 81));
        await().until(() -> latest().isEmpty());

        assertThat(cluster.lists("Service")).isEqualTo(1);
    }

    private int port() {
        return handedOver.get(handedOver.size() - 1).stream()
                .map(one -> (Service) one.object().orElseThrow())
                .mapToInt(one -> one.ports().get(0).port())
                .sum();
    }

    @Test
    void keepsToTheNamespacesItIsGiven() {
        cluster.apply(service("a", "web", 80));
        cluster.apply(service("b", "web", 80));
        cluster.apply(service("c", "web", 80));
        cluster.apply(PLUGIN);

        start("a", "c");
        await().until(() -> !handedOver.isEmpty());

        assertThat(latest()).containsExactly("KongClusterPlugin cors", "Service a/web", "Service c/web");
        assertThat(cluster.requests).noneMatch(request -> request.startsWith("/api/v1/services"));
    }

    @Test
    void waitsForAKindThatItMustKnow() {
        cluster.apply(INGRESS);
        cluster.refusals.put(MockCluster.path("KongPlugin"), 500);

        start();
        await().until(() -> cluster.lists("KongPlugin") > 2);
        assertThat(handedOver).isEmpty();
        assertThat(watch.complaints()).containsExactly("list kongplugins.configuration.konghq.com: status 500");
        cluster.refusals.clear();

        await().until(() -> latest().equals(List.of("Ingress a/web")));
    }

    @Test
    void doesWithoutAKindThatIsNotServedUntilItAppears() {
        cluster.apply(INGRESS);
        cluster.refusals.put(MockCluster.path("KongClusterPlugin"), 404);

        start();
        await().until(() -> latest().equals(List.of("Ingress a/web")));
        cluster.refusals.clear();
        cluster.apply(PLUGIN);

        await().until(() -> latest().equals(List.of("Ingress a/web", "KongClusterPlugin cors")));
    }

    @Test
    void doesWithoutSecretsThatAreForbiddenAndSaysSo() {
        cluster.apply(INGRESS);
        cluster.refusals.put(MockCluster.path("Secret"), 403);
        cluster.refusals.put("/api/v1", 500);

        start();

        await().until(() -> latest().equals(List.of("Ingress a/web")));
        assertThat(watch.complaints()).containsExactly("list secrets: forbidden");
    }

    @Test
    void waitsForPluginsThatAreForbiddenBecauseTheyMayProtectSomething() {
        cluster.apply(INGRESS);
        cluster.refusals.put(MockCluster.path("KongPlugin"), 403);
        cluster.refusals.put("/apis/configuration.konghq.com/v1", 500);

        start();
        await().until(() -> cluster.lists("KongPlugin") > 1);

        assertThat(handedOver).isEmpty();
        assertThat(watch.complaints()).containsExactly("list kongplugins.configuration.konghq.com: forbidden");
    }

    @Test
    void takesAForbiddenKindThatIsNotServedForAbsent() {
        cluster.apply(INGRESS);
        cluster.refusals.put(MockCluster.path("KongVault"), 403);
        cluster.refusals.put("/apis/configuration.konghq.com/v1alpha1", 404);

        start();

        await().until(() -> latest().equals(List.of("Ingress a/web")));
        assertThat(watch.complaints()).isEmpty();
    }

    @Test
    void readsEndpointsInTheOlderFormWhileTheNewerIsNotServed() {
        cluster.apply(ENDPOINTS);
        cluster.refusals.put(MockCluster.path("EndpointSlice"), 404);

        start();
        await().until(() -> latest().equals(List.of("Endpoints a/web")));
        cluster.refusals.clear();

        await().until(() -> latest().isEmpty());
    }

    @Test
    void leavesEndpointsInTheOlderFormAloneWhereTheNewerIsServed() {
        cluster.apply(ENDPOINTS);

        start();
        await().until(() -> !handedOver.isEmpty());

        assertThat(latest()).isEmpty();
        assertThat(cluster.lists("Endpoints")).isZero();
    }

    @Test
    void goesOnWhereItWasAfterTheServerWasAway() {
        cluster.apply(INGRESS);
        start();
        await().until(() -> latest().equals(List.of("Ingress a/web")));
        cluster.goAway();
        await().until(() -> !watch.complaints().isEmpty());
        assertThat(handedOver).hasSize(1);

        cluster.comeBack();
        cluster.apply(service("a", "web", 80));

        await().until(() -> latest().equals(List.of("Ingress a/web", "Service a/web")));
        await().until(() -> watch.complaints().isEmpty());
        assertThat(cluster.lists("Ingress")).isEqualTo(1);
    }

    @Test
    void givesAWatchUpThatHasNothingToSayAndGoesOnWhereItWas() {
        cluster.apply(INGRESS);
        watch = ObjectWatch.start(client, impatient(), handedOver::add);
        await().until(() -> cluster.watches("Ingress") > 2);

        cluster.apply(service("a", "web", 80));

        await().until(() -> latest().equals(List.of("Ingress a/web", "Service a/web")));
        assertThat(cluster.lists("Ingress")).isEqualTo(1);
    }

    @Test
    void listsAgainIfTheServerHasForgottenWhereItWas() {
        cluster.apply(INGRESS);
        start();
        await().until(() -> latest().equals(List.of("Ingress a/web")));
        cluster.watchRefusals.put(MockCluster.path("Ingress"), 410);
        cluster.goAway();
        cluster.comeBack();
        await().until(() -> cluster.lists("Ingress") > 1);
        cluster.watchRefusals.clear();

        cluster.delete(INGRESS);

        await().until(() -> latest().isEmpty());
    }

    @Test
    void goesOnWithATokenThatWasReplaced(@TempDir Path folder) throws IOException {
        cluster.token = "first";
        Path kubeconfig = cluster.kubeconfig(folder, "first");
        KubernetesClient rotating = ClusterAccess.open(new AccessSettings(Optional.empty(), Optional.of(kubeconfig)));
        watch = ObjectWatch.start(rotating, impatient(), handedOver::add);
        await().until(() -> handedOver.size() == 1);
        cluster.kubeconfig(folder, "second");
        cluster.token = "second"; // afterwards: a token that the file does not have yet is a complaint

        cluster.apply(INGRESS);

        await().until(() -> latest().equals(List.of("Ingress a/web")));
        long before = cluster.watches("Ingress");
        await().until(() -> cluster.watches("Ingress") > before + 1);
        assertThat(watch.complaints()).isEmpty();
        watch.close();
        rotating.close();
    }

    @Test
    void keepsWhatItKnowsWhenSomethingIsForbiddenLater() {
        cluster.apply(INGRESS);
        start();
        await().until(() -> latest().equals(List.of("Ingress a/web")));
        cluster.refusals.put(MockCluster.path("Ingress"), 403);
        cluster.goAway();
        cluster.comeBack();
        await().until(() -> watch.complaints().contains("watch ingresses.networking.k8s.io: forbidden"));

        cluster.apply(service("a", "web", 80));

        await().until(() -> latest().equals(List.of("Ingress a/web", "Service a/web")));
    }

    @Test
    void handsOverTheNextChangeAlthoughTheListenerThrew() {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        watch = ObjectWatch.start(client, settings(), objects -> {
            sizes.add(objects.size());
            throw new IllegalStateException("a bug");
        });
        await().until(() -> sizes.equals(List.of(0)));

        cluster.apply(service("a", "web", 80));

        await().until(() -> sizes.contains(1));
    }

    @Test
    void letsPrepareOnceWhereManyObjectsAreOnTheirWay() {
        cluster.paged.add(MockCluster.path("Ingress"));
        cluster.paged.add(MockCluster.path("Service"));
        cluster.apply(INGRESS);
        List<String> calls = new CopyOnWriteArrayList<>();

        watch = ObjectWatch.start(client, settings(), new ObjectWatch.Listener() {
            @Override
            public void objects(Collection<Decoded> all) {
                calls.add("objects " + all.size());
            }

            @Override
            public void prepare(BooleanSupplier over) {
                await().until(over::getAsBoolean);
                calls.add("prepared");
            }
        });

        await().until(() -> calls.equals(List.of("prepared", "objects 1")));
    }

    @Test
    void tellsOfAnObjectThatCannotBeReadAndKeepsTheOthers() {
        cluster.apply(INGRESS.replace("rules: [{host: web.test}]", "rules: 7"));
        cluster.apply(INGRESS.replace("name: web", "name: good"));

        start();
        await().until(() -> !handedOver.isEmpty());

        assertThat(handedOver.get(0))
                .extracting(
                        one -> one.object().map(Ingress.class::cast).isPresent(),
                        one -> one.problems().size())
                .containsExactlyInAnyOrder(tuple(true, 0), tuple(false, 1));
    }

    /** What the server takes: names without end, ten thousand levels. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"%s\": 1}", "%s"})
    void noObjectHidesTheOthersOfItsKind(String config) {
        String filled = config.formatted(
                config.startsWith("{") ? "a".repeat(100_000) : "{\"a\":".repeat(9_990) + "1" + "}".repeat(9_990));
        String item = """
                {"apiVersion": "configuration.konghq.com/v1", "kind": "KongPlugin", "plugin": "cors", "config": %s,
                 "metadata": {"name": "%s", "namespace": "a", "resourceVersion": "1"}}""";
        cluster.answers.put(
                MockCluster.path("KongPlugin"),
                "{\"kind\": \"KongPluginList\", \"apiVersion\": \"configuration.konghq.com/v1\", \"metadata\": {}, \"items\": ["
                        + item.formatted(filled, "odd") + "," + item.formatted("{}", "usual") + "]}");

        start();
        watch.first().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();

        assertThat(latest()).containsExactly("KongPlugin a/odd", "KongPlugin a/usual");
        assertThat(handedOver.get(0))
                .filteredOn(one -> one.object().isPresent())
                .isNotEmpty();
    }
}
