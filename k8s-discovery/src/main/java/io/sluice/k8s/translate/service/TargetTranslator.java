package io.sluice.k8s.translate.service;

import io.sluice.k8s.api.EndpointGroup;
import io.sluice.k8s.api.Service;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.ingress.ClassParameters;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The endpoints of a service's port: ready ones, in the order of their addresses so that all nodes agree. */
final class TargetTranslator {

    private static final String SERVICE_UPSTREAM = "ingress.kubernetes.io/service-upstream";

    private final Context context;
    private final ClassParameters parameters;

    TargetTranslator(Context context, ClassParameters parameters) {
        this.context = context;
        this.parameters = parameters;
    }

    List<Draft> of(Service service, Service.Port port) {
        List<Draft> targets = new ArrayList<>();
        for (String address : addresses(service, port)) {
            String fault = Context.fault(EntityKind.TARGET, "target", address);
            if (fault.isEmpty()) {
                targets.add(new Draft(EntityKind.TARGET, service.ref()).set("target", address));
            } else {
                context.findings().partly(service.ref(), service.external() ? "spec.externalName" : "", fault);
            }
        }
        return targets;
    }

    private Set<String> addresses(Service service, Service.Port port) {
        boolean byName = parameters.serviceUpstream()
                || service.metadata().annotation(SERVICE_UPSTREAM).equals("true");
        if (byName) {
            String domain = context.settings().clusterDomain();
            String name = service.metadata().name() + "." + service.metadata().namespace() + ".svc";
            return Set.of(name + (domain.isEmpty() ? "" : "." + domain) + ":" + port.port());
        }
        if (service.external()) {
            return Set.of(service.externalName() + ":" + port.port());
        }
        return endpoints(service, port);
    }

    private Set<String> endpoints(Service service, Service.Port port) {
        Set<String> protocols = new HashSet<>(Set.of("TCP"));
        service.ports().forEach(one -> protocols.add(one.protocol()));
        Set<String> addresses = new TreeSet<>();
        String namespace = service.metadata().namespace();
        for (EndpointGroup group :
                context.objects().endpoints(namespace, service.metadata().name())) {
            for (EndpointGroup.Port one : group.ports()) {
                if (one.name().equals(port.name()) && protocols.contains(one.protocol())) {
                    group.endpoints().stream()
                            .filter(EndpointGroup.Endpoint::ready)
                            .forEach(endpoint -> addresses.add(bracketed(endpoint.address()) + ":" + one.number()));
                }
            }
        }
        return oneFamily(addresses, service.ipv6First() ? "[" : "");
    }

    /** A pod of two families is in slices of both: twice what it can take, and one of them may not even be reached from here. */
    private static Set<String> oneFamily(Set<String> addresses, String wanted) {
        Set<String> first = new TreeSet<>(addresses);
        first.removeIf(address -> address.startsWith("[") == wanted.isEmpty());
        return first.isEmpty() ? addresses : first;
    }

    private static String bracketed(String address) {
        return address.indexOf(':') < 0 ? address : "[" + address + "]";
    }
}
