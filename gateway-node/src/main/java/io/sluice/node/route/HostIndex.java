package io.sluice.node.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rules by host: exact names by hash, wildcards by the labels they share with the host, the rest under no host. */
final class HostIndex {
    private final Map<String, PortIndex> exact;
    private final Wildcards suffixes;
    private final Wildcards prefixes;
    private final PathIndex anyHost;

    private HostIndex(Map<String, PortIndex> exact, Wildcards suffixes, Wildcards prefixes, PathIndex anyHost) {
        this.exact = exact;
        this.suffixes = suffixes;
        this.prefixes = prefixes;
        this.anyHost = anyHost;
    }

    /** @param rules by rank */
    static HostIndex of(List<Rule> rules) {
        var byHost = new HashMap<HostPattern, List<Rule>>();
        var anyHost = new ArrayList<Rule>();
        for (Rule rule : rules) {
            List<HostPattern> hosts = rule.draft().hosts();
            if (hosts.isEmpty()) {
                anyHost.add(rule);
            }
            for (int i = 0; i < hosts.size(); i++) {
                byHost.computeIfAbsent(hosts.get(i), host -> new ArrayList<>(4)).add(rule);
            }
        }
        var exact = new HashMap<String, PortIndex>();
        var suffixes = new HashMap<String, PortIndex>();
        var prefixes = new HashMap<String, PortIndex>();
        byHost.forEach((host, listed) -> {
            Map<String, PortIndex> kind = switch (host.kind()) {
                case EXACT -> exact;
                case SUFFIX -> suffixes;
                case PREFIX -> prefixes;
            };
            PortIndex others = kind.getOrDefault(host.text(), PortIndex.EMPTY);
            kind.put(host.text(), others.with(host.port(), PathIndex.of(listed)));
        });
        return new HostIndex(
                exact,
                new Wildcards(PrefixChain.ofSuffixes(suffixes.keySet()), suffixes),
                new Wildcards(PrefixChain.ofPrefixes(prefixes.keySet()), prefixes),
                PathIndex.of(anyHost));
    }

    Hit search(RouteRequest request) {
        String path = request.path();
        String host = HostPattern.withoutBrackets(request.host());
        Hit found = Hit.NONE;
        PortIndex named = exact.get(host);
        if (named != null) {
            found = named.search(request, path, found);
        }
        found = suffixes.search(request, host, path, found);
        found = prefixes.search(request, host, path, found);
        return anyHost.best() < found.rank() ? anyHost.search(request, path, found) : found;
    }

    /** Wildcard hosts of one kind. */
    private static final class Wildcards {
        private final PrefixChain keys;
        private final PortIndex[] hosts;

        Wildcards(PrefixChain keys, Map<String, PortIndex> byText) {
            this.keys = keys;
            this.hosts = new PortIndex[keys.size()];
            for (int i = 0; i < hosts.length; i++) {
                hosts[i] = byText.getOrDefault(keys.key(i), PortIndex.EMPTY);
            }
        }

        Hit search(RouteRequest request, String host, String path, Hit best) {
            Hit found = best;
            for (int at = keys.longest(host); at >= 0; at = keys.parent(at)) {
                if (keys.length(at) < host.length()) { // the asterisk stands for something
                    found = hosts[at].search(request, path, found);
                }
            }
            return found;
        }
    }

    /** The rules of one host, those for any port and those for certain ones. */
    private static final class PortIndex implements RuleSet {
        static final PortIndex EMPTY = new PortIndex(null, new int[0], new PathIndex[0]);

        private final @Nullable PathIndex anyPort;
        private final int[] ports;
        private final PathIndex[] byPort;
        private final int best;

        private PortIndex(@Nullable PathIndex anyPort, int[] ports, PathIndex[] byPort) {
            this.anyPort = anyPort;
            this.ports = ports;
            this.byPort = byPort;
            int smallest = anyPort == null ? Integer.MAX_VALUE : anyPort.best();
            for (PathIndex index : byPort) {
                smallest = Math.min(smallest, index.best());
            }
            this.best = smallest;
        }

        PortIndex with(int port, PathIndex index) {
            if (port == HostPattern.ANY_PORT) {
                return new PortIndex(index, ports, byPort);
            }
            int[] morePorts = Arrays.copyOf(ports, ports.length + 1);
            PathIndex[] more = Arrays.copyOf(byPort, ports.length + 1);
            morePorts[ports.length] = port;
            more[ports.length] = index;
            return new PortIndex(anyPort, morePorts, more);
        }

        @Override
        public int best() {
            return best;
        }

        @Override
        public Hit search(RouteRequest request, String path, Hit best) {
            Hit found = best;
            if (anyPort != null && anyPort.best() < found.rank()) {
                found = anyPort.search(request, path, found);
            }
            if (ports.length > 0) {
                int asked = request.port();
                for (int i = 0; i < ports.length; i++) {
                    if (ports[i] == asked && byPort[i].best() < found.rank()) {
                        found = byPort[i].search(request, path, found);
                    }
                }
            }
            return found;
        }
    }
}
