package io.sluice.node.upstream;

import io.sluice.node.balance.Balancer;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Service;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a service's requests go: the targets of the upstream that its host names, or the host itself. Made once per revision;
 * thread-safe.
 */
public final class Destination {

    private static final Balancer ONLY_ONE = candidates -> candidates.usable(0) ? 0 : Balancer.NONE;

    private final Balancer balancer;
    private final @Nullable HashKey key;
    private final NamedHost[] hosts;

    private Destination(Balancer balancer, @Nullable HashKey key, NamedHost... hosts) {
        this.balancer = balancer;
        this.key = key;
        this.hosts = hosts;
    }

    /** A service whose host is not an upstream's name. */
    static Destination ofHost(Service service, HostResolver resolver) {
        String header = withPort(service.host(), service.port(), service.protocol());
        NamedHost host = new NamedHost(service.host(), service.port(), header, resolver);
        return new Destination(ONLY_ONE, null, host);
    }

    /**
     * A service whose host is an upstream's name; its own port is not used.
     *
     * @param balancer picks among these targets, by their place in the list
     */
    static Destination ofUpstream(
            Service service, Upstream upstream, List<Target> targets, Balancer balancer, HostResolver resolver) {
        Optional<String> header = Optional.ofNullable(upstream.hostHeader());
        NamedHost[] hosts = targets.stream()
                .map(target -> host(target, service.protocol(), header, resolver))
                .toArray(NamedHost[]::new);
        boolean hashing = upstream.algorithm() == Upstream.Algorithm.CONSISTENT_HASHING;
        return new Destination(balancer, hashing ? HashKey.of(upstream) : null, hosts);
    }

    Balancer balancer() {
        return balancer;
    }

    /** What of a request the balancer wants hashed; null for nothing. */
    @Nullable
    HashKey key() {
        return key;
    }

    /**
     * The address to use of a target.
     *
     * @param hash the request's key
     * @param retrying whether another of the target's addresses may be better than the one for the key
     */
    Choice at(int target, long hash, boolean retrying) {
        return key == null || retrying ? hosts[target].next() : hosts[target].of(hash);
    }

    private static NamedHost host(Target target, Protocol protocol, Optional<String> header, HostResolver resolver) {
        String text = target.target();
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        int port = Integer.parseInt(text.substring(colon + 1));
        return new NamedHost(host, port, withPort(header.orElse(host), port, protocol), resolver);
    }

    private static String withPort(String host, int port, Protocol protocol) {
        int usual = protocol.secure() ? 443 : 80;
        int colon = host.indexOf(':', Math.max(host.lastIndexOf(']'), 0));
        if (colon >= 0 && colon == host.lastIndexOf(':')) {
            return host; // an upstream's host_header with a port of its own
        }
        boolean bare = colon >= 0 && !host.startsWith("[");
        String name = bare ? "[" + host + "]" : host;
        return port == usual ? name : name + ":" + port;
    }
}
