package io.sluice.node.upstream;

import io.sluice.node.balance.KeyHash;
import io.sluice.state.model.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A host and port as configured; requests go to its addresses in turn. Thread-safe, asked on the request path. */
final class NamedHost {

    private final String host;
    private final int port;
    private final String hostHeader;
    private final HostResolver resolver;
    private final boolean literal;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Addresses current;

    private static final class Addresses {
        private final List<InetAddress> source;
        private final Endpoint[] endpoints;

        Addresses(List<InetAddress> source, Endpoint[] endpoints) {
            this.source = source;
            this.endpoints = endpoints;
        }
    }

    /**
     * @param host a name, or an address in any form (IPv6 with or without brackets)
     * @param hostHeader the Host field for it
     */
    NamedHost(String host, int port, String hostHeader, HostResolver resolver) {
        this.host = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        this.port = port;
        this.hostHeader = hostHeader;
        this.resolver = resolver;
        this.literal = Cidr.isAddress(this.host);
        this.current = literal ? endpoints(List.of(address(this.host))) : endpoints(List.of());
    }

    /** The next address. */
    Choice next() {
        Endpoint[] all = known();
        if (all.length == 0) {
            return unknown();
        }
        return all.length == 1 ? all[0] : all[(turn.getAndIncrement() & Integer.MAX_VALUE) % all.length];
    }

    /** The address for a key: the same one in whatever order they are known, while it is among them. */
    Choice of(long key) {
        Endpoint[] all = known();
        if (all.length == 0) {
            return unknown();
        }
        Endpoint best = all[0];
        long highest = Long.MIN_VALUE;
        for (int i = 0; i < all.length && all.length > 1; i++) {
            long score = KeyHash.of(key ^ KeyHash.of(all[i].ip()));
            if (score > highest) {
                highest = score;
                best = all[i];
            }
        }
        return best;
    }

    private Endpoint[] known() {
        Addresses known = current;
        if (!literal) {
            List<InetAddress> addresses = resolver.entry(host).addresses();
            if (addresses != known.source) {
                known = endpoints(addresses);
                current = known;
            }
        }
        return known.endpoints;
    }

    private Choice unknown() {
        HostResolver.Entry entry = resolver.entry(host);
        return entry.running().isDone() && entry.addresses().isEmpty()
                ? Choice.Unresolved.INSTANCE
                : new Choice.Resolving(entry.running());
    }

    private Addresses endpoints(List<InetAddress> addresses) {
        Endpoint[] endpoints = addresses.stream()
                .map(address -> Endpoint.of(new InetSocketAddress(address, port), hostHeader))
                .toArray(Endpoint[]::new);
        return new Addresses(addresses, endpoints);
    }

    private static InetAddress address(String literal) {
        byte[] bytes = Cidr.addressBytes(literal).orElseThrow();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes by construction
        }
    }
}
