package io.sluice.node.dns;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;

/**
 * One of the addresses that a name stands for. Ordered by address and port, so that the same answers are equal in whatever
 * order a server gives them.
 *
 * @param port that the answer names (SRV); 0 if it names none
 * @param weight that the answer names (SRV), 1 to 65535; 0 if it names none
 * @param host the name that an SRV record has for it; empty without one
 */
public record ResolvedAddress(InetAddress address, int port, int weight, String host)
        implements Comparable<ResolvedAddress> {

    private static final Comparator<ResolvedAddress> ORDER = Comparator.<ResolvedAddress, byte[]>comparing(
                    one -> one.address.getAddress(), Arrays::compareUnsigned)
            .thenComparing(ResolvedAddress::port)
            .thenComparing(ResolvedAddress::weight)
            .thenComparing(ResolvedAddress::host);

    /** An address about which nothing more is said. */
    public static ResolvedAddress of(InetAddress address) {
        return new ResolvedAddress(address, 0, 0, "");
    }

    @Override
    public int compareTo(ResolvedAddress other) {
        return ORDER.compare(this, other);
    }
}
