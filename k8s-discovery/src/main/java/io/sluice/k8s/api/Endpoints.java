package io.sluice.k8s.api;

import java.util.ArrayList;
import java.util.List;

/** A service's endpoints in the older form, for clusters that do not serve {@link EndpointSlice}; same name as the service. */
public record Endpoints(Metadata metadata, List<EndpointGroup> groups) implements KubeObject {

    static Endpoints decode(Metadata metadata, FieldReader root) {
        List<EndpointGroup> groups = new ArrayList<>();
        for (FieldReader subset : root.objects("subsets")) {
            List<EndpointGroup.Endpoint> endpoints = new ArrayList<>();
            for (FieldReader address : subset.objects("addresses")) {
                endpoints.add(new EndpointGroup.Endpoint(address.requiredText("ip"), true, false));
            }
            groups.add(new EndpointGroup(EndpointGroup.ports(subset), List.copyOf(endpoints)));
        }
        return new Endpoints(metadata, List.copyOf(groups));
    }
}
