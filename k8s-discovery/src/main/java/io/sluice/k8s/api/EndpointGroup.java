package io.sluice.k8s.api;

import java.util.ArrayList;
import java.util.List;

/** Endpoints that share their ports. */
public record EndpointGroup(List<Port> ports, List<Endpoint> endpoints) {

    /**
     * One port of all the endpoints.
     *
     * @param name of the service's port; empty if that has none
     */
    public record Port(String name, int number, String protocol) {}

    /** One address, and whether requests may be sent there. */
    public record Endpoint(String address, boolean ready, boolean terminating) {}

    static List<Port> ports(FieldReader group) {
        List<Port> ports = new ArrayList<>();
        for (FieldReader port : group.objects("ports")) {
            Integer number = port.integer("port", 0, 65_535);
            String protocol = port.text("protocol");
            if (number != null) { // without a number it stands for all ports
                ports.add(new Port(port.text("name"), number, protocol.isEmpty() ? "TCP" : protocol));
            }
        }
        return List.copyOf(ports);
    }
}
