package io.sluice.k8s.status;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PlainTree;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.WatchedKind;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The requests that write. Each waits for its answer, and throws the client's exception if that is not a good one. */
final class StatusRequests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST = 500;
    private static final String COMPONENT = "sluice";

    private final KubernetesClient client;

    StatusRequests(KubernetesClient client) {
        this.client = client;
    }

    /** Changes a status; what the object's version is then. */
    String patch(StatusPatch patch) {
        WatchedKind kind = patch.kind();
        ObjectRef object = patch.object();
        String group = kind.group().isEmpty() ? "api/" : "apis/";
        String namespace = kind.namespaced() ? "/namespaces/" + object.namespace() : "";
        String answer = merge(
                group + kind.apiVersion() + namespace + "/" + kind.plural() + "/" + object.name() + "/status",
                patch.body());
        GenericKubernetesResource after =
                client.getKubernetesSerialization().unmarshal(answer, GenericKubernetesResource.class);
        return text(after.getMetadata().getResourceVersion());
    }

    /** One request; the client's own way reads the object first. */
    private String merge(String path, Map<String, @Nullable Object> body) {
        HttpClient http = client.getHttpClient();
        HttpRequest request = http.newHttpRequestBuilder()
                .uri(client.getMasterUrl().toString().replaceAll("/$", "") + "/" + path)
                .patch(
                        "application/merge-patch+json",
                        client.getKubernetesSerialization().asJson(body))
                .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        HttpResponse<String> response;
        try {
            response = http.sendAsync(request, String.class)
                    .orTimeout(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new KubernetesClientException(String.valueOf(e.getCause()), e);
        }
        if (!response.isSuccessful()) {
            String told = text(response.body());
            throw new KubernetesClientException(
                    told.length() > LONGEST ? told.substring(0, LONGEST) : told, response.code(), null);
        }
        return text(response.body());
    }

    /** The status of an object now; empty if there is no such object. */
    Optional<PresentStatus> read(WatchedKind kind, ObjectRef object) {
        GenericKubernetesResource found = resource(kind, object).get();
        if (found == null) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> status =
                found.getAdditionalProperties().get("status") instanceof Map<?, ?> map ? PlainTree.of(map) : Map.of();
        return Optional.of(new PresentStatus(text(found.getMetadata().getResourceVersion()), status));
    }

    private Resource<GenericKubernetesResource> resource(WatchedKind kind, ObjectRef object) {
        var all = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(kind.group())
                .withVersion(kind.version())
                .withKind(kind.kind())
                .withPlural(kind.plural())
                .withNamespaced(kind.namespaced())
                .build());
        return kind.namespaced()
                ? all.inNamespace(object.namespace()).withName(object.name())
                : all.withName(object.name());
    }

    /** Tells by a new event. */
    void create(Notice notice, Instant now) {
        String time = Condition.Times.seconds(now);
        Event event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(notice.eventNamespace())
                .withName(notice.eventName())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(notice.apiVersion())
                .withKind(notice.kind())
                .withNamespace(notice.namespace().isEmpty() ? null : notice.namespace())
                .withName(notice.name())
                .withUid(notice.uid().isEmpty() ? null : notice.uid())
                .endInvolvedObject()
                .withType(notice.reason().type())
                .withReason(notice.reason().word())
                .withMessage(notice.message())
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withReportingInstance(COMPONENT)
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .build();
        Event unused = client.v1()
                .events()
                .inNamespace(notice.eventNamespace())
                .resource(event)
                .create();
    }

    /**
     * Tells by the event that there is.
     *
     * @param count how often it has been told with this time; 0 if that is not known
     */
    void repeat(Notice notice, int count, Instant now) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("lastTimestamp", Condition.Times.seconds(now));
        if (count > 0) {
            body.put("count", count);
        }
        String unused = merge("api/v1/namespaces/" + notice.eventNamespace() + "/events/" + notice.eventName(), body);
    }

    /** The uid of a pod; empty if there is none. */
    String uidOfPod(StatusSettings.NamespacedName pod) {
        var found =
                client.pods().inNamespace(pod.namespace()).withName(pod.name()).get();
        return found == null ? "" : text(found.getMetadata().getUid());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
