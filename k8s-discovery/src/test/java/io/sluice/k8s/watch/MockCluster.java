package io.sluice.k8s.watch;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.sluice.k8s.access.AccessSettings;
import io.sluice.k8s.access.ClusterAccess;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The client library's API server in memory, which can be told to refuse, and to go away and come back. */
final class MockCluster implements AutoCloseable {

    /** Paths, without query, by what they are answered with instead. */
    final Map<String, Integer> refusals = new ConcurrentHashMap<>();

    /** The same for watches only. */
    final Map<String, Integer> watchRefusals = new ConcurrentHashMap<>();

    /** Lists, by path without query, that are answered with this text. */
    final Map<String, String> answers = new ConcurrentHashMap<>();

    /** Paths, without query, whose lists have an empty page before the others. */
    final Set<String> paged = ConcurrentHashMap.newKeySet();

    /** What was listed, and is not watched since. */
    private final Set<String> unwatched = ConcurrentHashMap.newKeySet();

    /** What the node must show; empty for nothing. Whoever comes with the mock's own credentials needs none. */
    volatile String token = "";

    /** Path and query of all requests. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private final KubernetesCrudDispatcher objects = new KubernetesCrudDispatcher();
    private final KubernetesClient client;
    private final int port;
    private KubernetesMockServer server;

    MockCluster() {
        server = started(0);
        port = server.getPort();
        client = new KubernetesClientBuilder()
                .withConfig(server.createClient().getConfiguration())
                .build();
    }

    private KubernetesMockServer started(int at) {
        KubernetesMockServer one = new KubernetesMockServer(
                new Context(Serialization.jsonMapper()), new MockWebServer(), new HashMap<>(), new Gate(), false);
        one.start(InetAddress.getLoopbackAddress(), at);
        return one;
    }

    /** Refuses what it is told to. */
    private final class Gate extends Dispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            requests.add(request.getPath());
            String shown = String.valueOf(request.getHeader("Authorization"));
            if (!token.isEmpty() && shown.startsWith("Bearer ") && !shown.equals("Bearer " + token)) {
                boolean own = shown.equals("Bearer secret");
                return own ? objects.dispatch(request) : new MockResponse().setResponseCode(401);
            }
            String path = request.getPath().replaceAll("\\?.*", "");
            boolean watch = request.getPath().contains("watch=true");
            if (paged.contains(path) && !watch && !request.getPath().contains("continue=")) {
                return new MockResponse()
                        .setResponseCode(200)
                        .setBody(
                                "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"continue\":\"more\"},\"items\":[]}");
            }
            String answer = watch ? null : answers.get(path);
            if (answer != null) {
                return new MockResponse().setResponseCode(200).setBody(answer);
            }
            Integer refusal = watch ? watchRefusals.getOrDefault(path, refusals.get(path)) : refusals.get(path);
            if (refusal != null) {
                return new MockResponse().setResponseCode(refusal);
            }
            MockResponse response = objects.dispatch(request);
            if (watch) {
                unwatched.remove(path);
            } else if (request.getPath().contains("?")) {
                unwatched.add(path);
            }
            return response;
        }
    }

    /** A kubeconfig, replaced if it is there. */
    Path kubeconfig(Path folder, String shown) throws IOException {
        return Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: one, user: node}}]
                clusters: [{name: one, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: node, user: {token: %s}}]
                """.formatted(port, shown));
    }

    /** A client as the node has it. */
    KubernetesClient open() {
        return ClusterAccess.open(
                new AccessSettings(Optional.of(URI.create("http://127.0.0.1:" + port)), Optional.empty()));
    }

    /** Creates or replaces an object given as YAML. */
    void apply(String yaml) {
        Resource<GenericKubernetesResource> resource = resource(yaml);
        if (resource.get() == null) {
            resource.create();
        } else {
            resource.update();
        }
    }

    /** Deletes it as soon as whoever has listed its kind watches it: unlike a real server, the mock does not tell later. */
    void delete(String yaml) {
        Resource<GenericKubernetesResource> resource = resource(yaml);
        await().until(() -> !unwatched.contains(path(resource.item().getKind())));
        resource.delete();
    }

    private Resource<GenericKubernetesResource> resource(String yaml) {
        GenericKubernetesResource object = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        WatchedKind kind = WatchedKinds.of(object.getKind()).orElseThrow();
        var all = client.genericKubernetesResources(KindRequests.definition(kind));
        String namespace = object.getMetadata().getNamespace();
        return namespace == null
                ? all.resource(object)
                : all.inNamespace(namespace).resource(object);
    }

    /** The path of a kind's objects in all namespaces. */
    static String path(String kind) {
        WatchedKind watched = WatchedKinds.of(kind).orElseThrow();
        return (watched.group().isEmpty() ? "/api/v1" : "/apis/" + watched.apiVersion()) + "/" + watched.plural();
    }

    /** How often a path was listed. */
    long lists(String kind) {
        return requests.stream()
                .filter(request -> request.startsWith(path(kind) + "?") && !request.contains("watch=true"))
                .count();
    }

    /** How often a path was watched. */
    long watches(String kind) {
        return requests.stream()
                .filter(request -> request.startsWith(path(kind) + "?") && request.contains("watch=true"))
                .count();
    }

    void goAway() {
        server.shutdown();
    }

    void comeBack() {
        server = started(port);
    }

    @Override
    public void close() {
        client.close();
        server.shutdown();
    }
}
