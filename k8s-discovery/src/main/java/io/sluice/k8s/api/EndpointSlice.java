package io.sluice.k8s.api;

import java.util.ArrayList;
import java.util.List;

/** Some of a service's endpoints. {@code service} is the name of the service it belongs to; empty if it says none. */
public record EndpointSlice(Metadata metadata, String service, EndpointGroup group) implements KubeObject {

    private static final String SERVICE = "kubernetes.io/service-name";

    static EndpointSlice decode(Metadata metadata, FieldReader root) {
        List<EndpointGroup.Endpoint> endpoints = new ArrayList<>();
        for (FieldReader endpoint : root.objects("endpoints")) {
            FieldReader conditions = endpoint.object("conditions");
            List<String> addresses = endpoint.textList("addresses");
            if (!addresses.isEmpty()) {
                // The others are the same endpoint by other addresses.
                endpoints.add(new EndpointGroup.Endpoint(
                        addresses.get(0), conditions.flag("ready", true), conditions.flag("terminating", false)));
            }
        }
        String service = metadata.labels().getOrDefault(SERVICE, "");
        return new EndpointSlice(
                metadata, service, new EndpointGroup(EndpointGroup.ports(root), List.copyOf(endpoints)));
    }
}
