package io.sluice.node.upstream;

import io.sluice.node.balance.Balancer;
import io.sluice.node.balance.RoundRobin;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Service;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import java.util.List;
import java.util.Optional;

/**
 * Where a service's requests go: the targets of the upstream that its host names, or the host itself. Made once per revision;
 * thread-safe.
 */
public final class Destination {

    private final Balancer balancer;
    private final List<NamedHost> hosts;
    private final boolean upstream;

    private Destination(Balancer balancer, List<NamedHost> hosts, boolean upstream) {
        this.balancer = balancer;
        this.hosts = hosts;
        this.upstream = upstream;
    }

    /** A service whose host is not an upstream's name. */
    public static Destination ofHost(Service service, HostResolver resolver) {
        String header = withPort(service.host(), service.port(), service.protocol());
        NamedHost host = new NamedHost(service.host(), service.port(), header, resolver);
        return new Destination(new RoundRobin(1), List.of(host), false);
    }

    /** A service whose host is an upstream's name; its own port is not used. */
    public static Destination ofUpstream(
            Service service, Upstream upstream, List<Target> targets, HostResolver resolver) {
        List<NamedHost> hosts = targets.stream()
                .map(target -> host(target, service.protocol(), Optional.ofNullable(upstream.hostHeader()), resolver))
                .toList();
        int[] weights = targets.stream().mapToInt(Target::weight).toArray();
        return new Destination(new RoundRobin(weights), hosts, true);
    }

    /**
     * The place for the next try.
     *
     * @param attempt 0 for the first
     */
    public Choice next(int attempt) {
        if (!upstream) {
            return hosts.get(0).next();
        }
        int picked = balancer.pick(attempt);
        return picked == Balancer.NONE
                ? Choice.NoPeer.INSTANCE
                : hosts.get(picked).next();
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
