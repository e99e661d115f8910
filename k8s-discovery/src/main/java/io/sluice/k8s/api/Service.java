package io.sluice.k8s.api;

import java.util.ArrayList;
import java.util.List;

/**
 * A name for a set of endpoints.
 *
 * @param externalName the host name it stands for; empty unless it is external
 * @param ipv6First whether its first address is of that family
 */
public record Service(Metadata metadata, boolean external, String externalName, List<Port> ports, boolean ipv6First)
        implements KubeObject {

    /**
     * One port.
     *
     * @param target the number or name of the pods' port
     * @param protocol TCP, UDP or SCTP
     */
    public record Port(String name, int port, String target, String protocol) {}

    static Service decode(Metadata metadata, FieldReader root) {
        FieldReader spec = root.object("spec");
        List<Port> ports = new ArrayList<>();
        for (FieldReader port : spec.objects("ports")) {
            Integer number = port.integer("port", 1, 65_535);
            String protocol = port.text("protocol");
            ports.add(new Port(
                    port.text("name"),
                    number == null ? 0 : number,
                    port.numberOrText("targetPort"),
                    protocol.isEmpty() ? "TCP" : protocol));
        }
        boolean external = spec.text("type").equals("ExternalName");
        boolean ipv6First = spec.textList("ipFamilies").indexOf("IPv6") == 0;
        return new Service(metadata, external, spec.text("externalName"), List.copyOf(ports), ipv6First);
    }
}
