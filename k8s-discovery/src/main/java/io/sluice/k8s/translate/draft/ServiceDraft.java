package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.Ingress;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Service;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A port of a Kubernetes service as a gateway service with its upstream, targets and routes. Not thread-safe. */
public final class ServiceDraft {

    private final String namespace;
    private final String backend;
    private final Ingress.Port port;
    private final Draft service;
    private final Draft upstream;
    private final List<Draft> targets = new ArrayList<>();
    private final List<RouteDraft> routes = new ArrayList<>();
    private @Nullable Service object;

    public ServiceDraft(String namespace, String backend, Ingress.Port port) {
        ObjectRef source = new ObjectRef("Service", namespace, backend);
        this.namespace = namespace;
        this.backend = backend;
        this.port = port;
        this.service = new Draft(EntityKind.SERVICE, source);
        this.upstream = new Draft(EntityKind.UPSTREAM, source);
    }

    /** What identifies it: namespace, service and port. */
    public static String name(String namespace, String backend, Ingress.Port port) {
        return namespace + "." + backend + "." + port.word();
    }

    public String name() {
        return name(namespace, backend, port);
    }

    /** The name of the upstream, which the service has as its host. */
    public String host() {
        return backend + "." + namespace + "." + port.word() + ".svc";
    }

    public String namespace() {
        return namespace;
    }

    /** The Kubernetes service's name. */
    public String backend() {
        return backend;
    }

    public Ingress.Port port() {
        return port;
    }

    public Draft service() {
        return service;
    }

    public Draft upstream() {
        return upstream;
    }

    public List<Draft> targets() {
        return targets;
    }

    public List<RouteDraft> routes() {
        return routes;
    }

    /** The Kubernetes service; empty if there is none of that name. */
    public Optional<Service> object() {
        return Optional.ofNullable(object);
    }

    public void found(Service service) {
        object = service;
    }
}
