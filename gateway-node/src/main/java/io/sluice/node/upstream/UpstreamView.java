package io.sluice.node.upstream;

import java.util.List;
import java.util.UUID;

/**
 * How an upstream fares.
 *
 * @param checked whether anything but people can bring its targets down
 * @param healthy whether enough of it is up for it to be used
 * @param targets in the order of their names
 */
public record UpstreamView(UUID id, String name, boolean checked, boolean healthy, List<Target> targets) {

    /**
     * One target.
     *
     * @param target host and port as configured
     * @param weight as configured
     * @param dns the type of record that gave the addresses, or why there are none
     */
    public record Target(String target, String host, int port, int weight, String dns, List<Address> addresses) {

        /** Weight of all its addresses. */
        public int total() {
            return addresses.stream().mapToInt(Address::weight).sum();
        }

        /** Weight of its addresses that are up. */
        public int available() {
            return addresses.stream()
                    .filter(Address::usable)
                    .mapToInt(Address::weight)
                    .sum();
        }
    }

    /** One address of a target. */
    public record Address(String ip, int port, int weight, boolean usable) {

        /** {@code ip:port}, IPv6 in brackets. */
        public String endpoint() {
            return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + port;
        }
    }

    /** Kong's word for an address. */
    public String word(Address address) {
        if (!checked) {
            return "HEALTHCHECKS_OFF";
        }
        return address.usable() ? "HEALTHY" : "UNHEALTHY";
    }

    /** Kong's word for a target, which is healthy if any of its addresses is. */
    public String word(Target target) {
        if (target.addresses().isEmpty()) {
            return "DNS_ERROR";
        }
        if (!checked) {
            return "HEALTHCHECKS_OFF";
        }
        return target.addresses().stream().anyMatch(Address::usable) ? "HEALTHY" : "UNHEALTHY";
    }
}
