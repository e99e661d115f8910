package io.sluice.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KindWatchTest {

    private final MockCluster cluster = new MockCluster();
    private final KubernetesClient client = cluster.open();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void close() {
        executor.shutdownNow();
        client.close();
        cluster.close();
    }

    /** Whoever hands over what is known as soon as all kinds are would do it twice otherwise. */
    @Test
    void objectsOfTheFirstListAreToldOfBeforeTheirKindIsKnown() {
        cluster.apply("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: web, namespace: a}
                spec: {rules: [{host: web.test}]}
                """);
        WatchedKind ingress = WatchedKinds.of("Ingress").orElseThrow();
        List<String> calls = new CopyOnWriteArrayList<>();

        try (KindWatch watch = new KindWatch(
                ingress,
                "",
                new KindRequests(client, ingress, ""),
                WatchSettings.of(Set.of()),
                executor,
                new WatchLog(System::nanoTime),
                new KindWatch.Listener() {
                    @Override
                    public void many() {
                        calls.add("many");
                    }

                    @Override
                    public void changed() {
                        calls.add("changed");
                    }

                    @Override
                    public void settled(KindWatch watch) {
                        calls.add("settled");
                    }
                })) {
            watch.start();
            await().until(() -> calls.size() == 2);

            assertThat(calls).containsExactly("changed", "settled");
        }
    }
}
