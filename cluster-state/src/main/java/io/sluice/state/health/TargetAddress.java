package io.sluice.state.health;

import java.util.Comparator;

/**
 * What has a health: one address of one target. It outlives changes of the configuration, which keep health for as long as the
 * names stay the same.
 *
 * @param upstream its name
 * @param target {@code host:port} as configured
 * @param ip the address that the host resolves to, IPv6 without brackets
 * @param port of the address, which an SRV record may have said
 */
public record TargetAddress(String upstream, String target, String ip, int port) implements Comparable<TargetAddress> {

    private static final Comparator<TargetAddress> ORDER = Comparator.comparing(TargetAddress::upstream)
            .thenComparing(TargetAddress::target)
            .thenComparing(TargetAddress::ip)
            .thenComparingInt(TargetAddress::port);

    /** {@code ip:port}, IPv6 in brackets. */
    public String endpoint() {
        return ip.indexOf(':') < 0 ? ip + ":" + port : "[" + ip + "]:" + port;
    }

    @Override
    public int compareTo(TargetAddress other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return upstream + "/" + target + "/" + endpoint();
    }
}
