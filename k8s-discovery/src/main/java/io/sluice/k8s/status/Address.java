package io.sluice.k8s.status;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where clients reach the proxy: an IP address or a host name. */
record Address(boolean ip, String text) {

    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** What an administrator wrote. */
    static Address of(String text) {
        return new Address(text.contains(":") || DOTTED.matcher(text).matches(), text);
    }

    /**
     * The addresses of a Service as Kong's controller finds them: what the load balancer gave, or the cluster's own if there is no
     * load balancer. Addresses that the administrator gave the Service count for more than the cluster's.
     */
    static List<Address> of(Service service) {
        List<Address> addresses = new ArrayList<>();
        ServiceSpec spec = service.getSpec();
        if (service.getStatus() != null) {
            balancers(service.getStatus().getLoadBalancer(), addresses);
        }
        if (addresses.isEmpty() && spec != null) {
            texts(spec.getExternalIPs(), addresses);
            if (addresses.isEmpty() && !"LoadBalancer".equals(spec.getType())) {
                texts(spec.getClusterIPs(), addresses);
            }
        }
        return List.copyOf(addresses);
    }

    private static void balancers(@Nullable LoadBalancerStatus balancer, List<Address> addresses) {
        if (balancer == null || balancer.getIngress() == null) {
            return;
        }
        for (LoadBalancerIngress one : balancer.getIngress()) {
            if (one.getIp() != null && !one.getIp().isEmpty()) {
                addresses.add(new Address(true, one.getIp()));
            }
            if (one.getHostname() != null && !one.getHostname().isEmpty()) {
                addresses.add(new Address(false, one.getHostname()));
            }
        }
    }

    private static void texts(@Nullable List<String> texts, List<Address> addresses) {
        if (texts != null) {
            texts.stream()
                    .filter(text -> !text.isEmpty() && !text.equals("None"))
                    .map(Address::of)
                    .forEach(addresses::add);
        }
    }

    Map<String, @Nullable Object> tree() {
        return Map.of(ip ? "ip" : "hostname", text);
    }

    /** Those in the status of an Ingress; entries with both count as two. */
    static List<Address> in(List<Map<String, @Nullable Object>> trees) {
        List<Address> addresses = new ArrayList<>();
        for (Map<String, @Nullable Object> tree : trees) {
            if (tree.get("ip") instanceof String ip) {
                addresses.add(new Address(true, ip));
            }
            if (tree.get("hostname") instanceof String name) {
                addresses.add(new Address(false, name));
            }
        }
        return addresses;
    }
}
