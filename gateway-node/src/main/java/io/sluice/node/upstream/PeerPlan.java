package io.sluice.node.upstream;

import io.sluice.node.balance.Balancers;
import io.sluice.state.model.Cidr;
import io.sluice.state.model.Service;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What decides an upstream's peers besides the addresses of its targets. Equal plans are served by the same peers, across
 * services and revisions.
 *
 * @param balancing with an empty name for a service's own host
 * @param hostHeader the upstream's; null for the target's host
 * @param secure whether 443 is the usual port
 * @param serverNames whether the host that an SRV record names is the Host field
 * @param members sorted
 */
record PeerPlan(
        Balancers.Plan balancing,
        @Nullable String hostHeader,
        boolean secure,
        boolean serverNames,
        List<Member> members) {

    private static final Balancers.Plan ONE_HOST = new Balancers.Plan("", Upstream.Algorithm.ROUND_ROBIN, 0, 0, 0);

    /**
     * A target as configured.
     *
     * @param host a name, or an address without brackets
     */
    record Member(String target, String host, int port, int weight) {

        static Member of(String target, int weight) {
            int colon = target.lastIndexOf(':');
            return of(target, target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)), weight);
        }

        static Member of(String target, String host, int port, int weight) {
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return new Member(target, bare, port, weight);
        }

        boolean literal() {
            return Cidr.isAddress(host);
        }
    }

    /** The upstream's name; empty for a service's own host. */
    String upstream() {
        return balancing.upstream();
    }

    /** A service whose host is not an upstream's name. */
    static PeerPlan of(Service service) {
        Member only = Member.of(service.host() + ':' + service.port(), service.host(), service.port(), 100);
        boolean secure = service.protocol().secure();
        return new PeerPlan(ONE_HOST, null, secure, false, List.of(only));
    }

    /** A service whose host is an upstream's name; its own port is not used. */
    static PeerPlan of(boolean secure, Upstream upstream, List<Target> targets) {
        List<Member> members = targets.stream()
                .map(target -> Member.of(target.target(), target.weight()))
                .sorted(Comparator.comparing(Member::host).thenComparing(Member::port))
                .toList();
        return new PeerPlan(Balancers.Plan.of(upstream), upstream.hostHeader(), secure, upstream.useSrvName(), members);
    }

    /** The Host field for an address of a target. */
    String header(Member member, int port, String serverName) {
        String host = hostHeader;
        if (host == null) {
            host = serverNames && !serverName.isEmpty() ? serverName : member.host();
        }
        int colon = host.indexOf(':', Math.max(host.lastIndexOf(']'), 0));
        if (colon >= 0 && colon == host.lastIndexOf(':')) {
            return host; // an upstream's host_header with a port of its own
        }
        boolean bare = colon >= 0 && !host.startsWith("[");
        String name = bare ? "[" + host + "]" : host;
        return port == (secure ? 443 : 80) ? name : name + ":" + port;
    }
}
