package io.sluice.k8s.status;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.sluice.k8s.access.AccessSettings;
import io.sluice.k8s.access.ClusterAccess;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PlainTree;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The client library's API server in memory, which writes down what it is asked, and can be told to refuse. */
final class FakeApi implements AutoCloseable {

    /** {@code METHOD path} by what it is answered with instead. */
    final Map<String, Integer> refusals = new ConcurrentHashMap<>();

    /** {@code METHOD path} of all requests of the client under test. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private final KubernetesCrudDispatcher objects = new KubernetesCrudDispatcher();
    private final KubernetesMockServer server;
    private final KubernetesClient owner;
    final KubernetesClient client;

    FakeApi() {
        server = new KubernetesMockServer(
                new Context(Serialization.jsonMapper()), new MockWebServer(), new HashMap<>(), new Gate(), false);
        server.start(InetAddress.getLoopbackAddress(), 0);
        client = ClusterAccess.open(
                new AccessSettings(Optional.of(URI.create("http://127.0.0.1:" + server.getPort())), Optional.empty()));
        Config config = Config.empty();
        config.setMasterUrl("http://127.0.0.1:" + server.getPort());
        config.setUserAgent("owner");
        owner = new KubernetesClientBuilder().withConfig(config).build();
    }

    private final class Gate extends Dispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            if ("owner".equals(request.getHeader("User-Agent"))) {
                return objects.dispatch(request);
            }
            String line = request.getMethod() + " " + request.getPath().replaceAll("\\?.*", "");
            requests.add(line);
            Integer refusal = refusals.get(line);
            if (refusal != null) {
                return new MockResponse().setResponseCode(refusal);
            }
            return line.startsWith("PATCH ") && line.endsWith("/status")
                    ? replaced(request)
                    : objects.dispatch(request);
        }

        /** The library's server appends to lists where it should replace them: so the old status is taken away first. */
        private MockResponse replaced(RecordedRequest request) {
            Map<String, Object> body = Samples.tree(request.getUtf8Body());
            String version = Trees.text(Trees.object(body, "metadata"), "resourceVersion");
            MockResponse response = objects.dispatch(
                    with(request, "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"status\":null}"));
            return response.code() >= 400
                    ? response
                    : objects.dispatch(with(request, Serialization.asJson(Map.of("status", body.get("status")))));
        }

        private RecordedRequest with(RecordedRequest request, String body) {
            return new RecordedRequest(
                    request.getHttpVersion(),
                    request.method(),
                    request.getPath(),
                    request.getHeaders(),
                    new Buffer(body.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Creates an object. */
    Decoded apply(String yaml) {
        GenericKubernetesResource object = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        resource(ref(object), object).create();
        return ObjectDecoder.decode(Samples.tree(yaml)).orElseThrow();
    }

    void delete(ObjectRef ref) {
        resource(ref).delete();
    }

    /** The status of an object as it is now. */
    Optional<PresentStatus> status(ObjectRef ref) {
        GenericKubernetesResource found = resource(ref).get();
        if (found == null) {
            return Optional.empty();
        }
        Map<String, Object> status =
                found.getAdditionalProperties().get("status") instanceof Map<?, ?> map ? PlainTree.of(map) : Map.of();
        return Optional.of(new PresentStatus(found.getMetadata().getResourceVersion(), status));
    }

    List<Event> events() {
        return owner.v1().events().inAnyNamespace().list().getItems();
    }

    private static ObjectRef ref(GenericKubernetesResource object) {
        String namespace = object.getMetadata().getNamespace();
        return new ObjectRef(
                object.getKind(),
                namespace == null ? "" : namespace,
                object.getMetadata().getName());
    }

    private Resource<GenericKubernetesResource> resource(ObjectRef ref) {
        var all = owner.genericKubernetesResources(definition(ref.kind()));
        return ref.namespace().isEmpty()
                ? all.withName(ref.name())
                : all.inNamespace(ref.namespace()).withName(ref.name());
    }

    private Resource<GenericKubernetesResource> resource(ObjectRef ref, GenericKubernetesResource object) {
        var all = owner.genericKubernetesResources(definition(ref.kind()));
        return ref.namespace().isEmpty()
                ? all.resource(object)
                : all.inNamespace(ref.namespace()).resource(object);
    }

    private static ResourceDefinitionContext definition(String name) {
        WatchedKind kind = WatchedKinds.of(name).orElseThrow();
        return new ResourceDefinitionContext.Builder()
                .withGroup(kind.group())
                .withVersion(kind.version())
                .withKind(kind.kind())
                .withPlural(kind.plural())
                .withNamespaced(kind.namespaced())
                .build();
    }

    @Override
    public void close() {
        client.close();
        owner.close();
        server.shutdown();
    }
}
