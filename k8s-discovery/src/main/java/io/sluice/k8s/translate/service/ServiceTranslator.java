package io.sluice.k8s.translate.service;

import io.sluice.k8s.api.Ingress;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.api.Service;
import io.sluice.k8s.translate.annotation.Annotations;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Copies;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.k8s.translate.draft.ServiceDraft;
import io.sluice.k8s.translate.draft.Tags;
import io.sluice.k8s.translate.ingress.ClassParameters;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Fills the services on the blueprint: port, targets, tags, what the Kubernetes service's annotations say. */
public final class ServiceTranslator {

    private static final long TIMEOUT = 60_000;
    private static final long RETRIES = 5;
    private static final long HTTP = 80;

    private final Context context;
    private final TargetTranslator targets;
    private final UpstreamSettings upstreams;
    private final ServiceTls tls;

    public ServiceTranslator(Context context, ClassParameters parameters, ServiceTls tls) {
        this.context = context;
        this.targets = new TargetTranslator(context, parameters);
        this.upstreams = new UpstreamSettings(context);
        this.tls = tls;
    }

    /** Runs over all services of the blueprint; those without a route are gone afterwards. */
    public void translate() {
        context.blueprint().services().values().removeIf(draft -> draft.routes().isEmpty());
        upstreams.prepare();
        context.blueprint().services().values().forEach(draft -> object(draft).ifPresent(tls::prepare));
        for (ServiceDraft draft : context.blueprint().services().values()) {
            basics(draft);
            Optional<Service> object = object(draft);
            if (object.isPresent()) {
                if (fits(object.get())) {
                    found(draft, object.get());
                }
            } else {
                tellRoutes(
                        draft,
                        "'" + draft.backend() + "' (expected: a service of namespace " + draft.namespace() + ")");
            }
        }
    }

    /** Whether there is room for what its annotations say about each of its ports. */
    private boolean fits(Service object) {
        Optional<String> excess = context.copies().excess(object.ref(), Copies.size(object.metadata()), 1);
        excess.ifPresent(reason -> context.findings().refuse(object.ref(), "metadata.annotations", reason));
        return excess.isEmpty();
    }

    private Optional<Service> object(ServiceDraft draft) {
        return context.objects().find(Service.class, draft.namespace(), draft.backend());
    }

    private void basics(ServiceDraft draft) {
        Draft service = draft.service();
        Object path = service.get("path");
        service.fields().clear();
        service.set("name", draft.name())
                .set("id", Context.id("services", draft.name()))
                .set("host", draft.host())
                .set("port", HTTP)
                .set("protocol", "http");
        if (path != null) {
            service.set("path", path);
        }
        service.set("connect_timeout", TIMEOUT)
                .set("read_timeout", TIMEOUT)
                .set("write_timeout", TIMEOUT)
                .set("retries", RETRIES)
                .set("tags", Tags.ofNobody());
        draft.upstream().set("name", draft.host()).set("tags", Tags.ofNobody());
    }

    private void found(ServiceDraft draft, Service object) {
        List<String> tags = context.tags(object.metadata());
        draft.found(object);
        draft.service().set("tags", tags);
        draft.upstream().set("tags", tags);
        context.findings().use(object.ref());
        Optional<Service.Port> port = port(draft, object);
        port.ifPresent(one -> {
            draft.service().set("port", (long) one.port());
            draft.targets().addAll(targets.of(object, one));
        });
        upstreams.service(draft);
        Annotations.service(object.metadata(), draft.service(), context.findings());
        tls.apply(object, draft.service());
        settle(draft.service());
        upstreams.upstream(draft, object);
    }

    private Optional<Service.Port> port(ServiceDraft draft, Service object) {
        Ingress.Port wanted = draft.port();
        if (object.external()) {
            if (wanted.number() > 0 && !object.externalName().isEmpty()) {
                String number = String.valueOf(wanted.number());
                return Optional.of(new Service.Port("", wanted.number(), number, "TCP"));
            }
            tellRoutes(
                    draft, Quote.of(wanted.word()) + " (expected: a port number, the service is of type ExternalName)");
            return Optional.empty();
        }
        Optional<Service.Port> found = object.ports().stream()
                .filter(port -> wanted.number() > 0
                        ? port.port() == wanted.number()
                        : port.name().equals(wanted.name()))
                .findFirst()
                .or(() -> byTarget(object, wanted));
        if (found.isEmpty()) {
            Set<String> known = new TreeSet<>();
            object.ports()
                    .forEach(port ->
                            known.add(port.name().isEmpty() ? port.port() + "" : port.port() + "/" + port.name()));
            String expected =
                    " (expected: a port of service " + object.metadata().name() + ", it has "
                            + (known.isEmpty() ? "none" : String.join(", ", known)) + ")";
            tellRoutes(draft, Quote.of(wanted.word()) + expected);
        }
        return found;
    }

    /** A name that no port of the service has may be that of the pods' port. */
    private static Optional<Service.Port> byTarget(Service object, Ingress.Port wanted) {
        return object.ports().stream()
                .filter(port -> !wanted.name().isEmpty() && port.target().equals(wanted.name()))
                .findFirst();
    }

    /** What the gateway refuses of the annotated settings is taken away and told. */
    private void settle(Draft service) {
        List<Fault> faults = context.faults(service);
        if (faults.isEmpty()) {
            return;
        }
        for (Fault fault : faults) {
            Draft.Origin origin = service.origin(fault.top());
            if (origin != null) {
                String value = Quote.of(service.get(fault.top())) + " (" + fault.message() + ")";
                context.findings().partly(origin.object(), origin.place(), value);
                service.remove(fault.top());
            }
        }
        // What is left is either fine, or a default that an annotation contradicts.
        for (Fault fault : context.faults(service)) {
            if (service.get(fault.top()) != null) {
                context.findings().partly(service.source(), "", fault.top() + ": " + fault.message());
                service.remove(fault.top());
            }
        }
    }

    private void tellRoutes(ServiceDraft draft, String reason) {
        draft.routes().forEach(route -> {
            Set<String> told = new TreeSet<>(route.places().values());
            ObjectRef ingress = route.ingress().ref();
            told.forEach(place -> {
                String field = place.startsWith("spec.defaultBackend") ? place : place + ".backend";
                context.findings().partly(ingress, field + ".service", reason);
            });
        });
    }
}
