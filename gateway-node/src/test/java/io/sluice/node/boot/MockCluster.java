package io.sluice.node.boot;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The client library's API server in memory, which can be told to refuse and to go away. */
final class MockCluster implements AutoCloseable {

    /** Paths, without query, by the status they are answered with instead. */
    final Map<String, Integer> refusals = new ConcurrentHashMap<>();

    private final KubernetesCrudDispatcher objects = new KubernetesCrudDispatcher();
    private final KubernetesMockServer server;
    private final KubernetesClient client;

    MockCluster() {
        server = new KubernetesMockServer(
                new Context(Serialization.jsonMapper()), new MockWebServer(), new HashMap<>(), new Gate(), false);
        server.start(InetAddress.getLoopbackAddress(), 0);
        client = new KubernetesClientBuilder()
                .withConfig(server.createClient().getConfiguration())
                .build();
    }

    private final class Gate extends Dispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            Integer refusal = refusals.get(request.getPath().replaceAll("\\?.*", ""));
            return refusal == null ? objects.dispatch(request) : new MockResponse().setResponseCode(refusal);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** Creates or replaces an object given as YAML. */
    void apply(String yaml) {
        GenericKubernetesResource object = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        WatchedKind kind = WatchedKinds.of(object.getKind()).orElseThrow();
        Resource<GenericKubernetesResource> resource = client.genericKubernetesResources(
                        new ResourceDefinitionContext.Builder()
                                .withGroup(kind.group())
                                .withVersion(kind.version())
                                .withKind(kind.kind())
                                .withPlural(kind.plural())
                                .withNamespaced(kind.namespaced())
                                .build())
                .inNamespace(object.getMetadata().getNamespace())
                .resource(object);
        if (resource.get() == null) {
            resource.create();
            return;
        }
        await().ignoreExceptionsMatching(MockCluster::isConflict).until(() -> resource.update() != null);
    }

    /** Somebody, such as the node with a status, has written to it meanwhile. */
    private static boolean isConflict(Throwable failure) {
        return failure instanceof KubernetesClientException refused
                && refused.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    /** For good. */
    void goAway() {
        server.shutdown();
    }

    @Override
    public void close() {
        client.close();
        server.shutdown();
    }
}
