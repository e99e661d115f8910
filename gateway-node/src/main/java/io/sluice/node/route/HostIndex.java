package io.sluice.node.route;

import io.sluice.node.route.HostPattern.Kind;
import java.util.ArrayList;
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
        var byKind = new HashMap<Kind, Map<String, Map<Integer, List<Rule>>>>();
        var anyHost = new ArrayList<Rule>();
        for (Rule rule : rules) {
            List<HostPattern> hosts = rule.draft().hosts();
            if (hosts.isEmpty()) {
                anyHost.add(rule);
            }
            for (HostPattern host : hosts) {
                byKind.computeIfAbsent(host.kind(), kind -> new HashMap<>())
                        .computeIfAbsent(host.text(), text -> new HashMap<>(2))
                        .computeIfAbsent(host.port(), port -> new ArrayList<>(1))
                        .add(rule);
            }
        }
        Map<String, PortIndex> suffixes = byPort(byKind.getOrDefault(Kind.SUFFIX, Map.of()));
        Map<String, PortIndex> prefixes = byPort(byKind.getOrDefault(Kind.PREFIX, Map.of()));
        return new HostIndex(
                byPort(byKind.getOrDefault(Kind.EXACT, Map.of())),
                new Wildcards(PrefixChain.ofSuffixes(suffixes.keySet()), suffixes),
                new Wildcards(PrefixChain.ofPrefixes(prefixes.keySet()), prefixes),
                PathIndex.of(anyHost));
    }

    private static Map<String, PortIndex> byPort(Map<String, Map<Integer, List<Rule>>> rules) {
        var hosts = new HashMap<String, PortIndex>(rules.size() * 2);
        rules.forEach((host, ports) -> hosts.put(host, PortIndex.of(ports)));
        return hosts;
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
            this.hosts = keys.keys().stream()
                    .map(key -> byText.getOrDefault(key, PortIndex.EMPTY))
                    .toArray(PortIndex[]::new);
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
        static final PortIndex EMPTY = new PortIndex(null, Map.of());

        private final @Nullable PathIndex anyPort;
        private final int[] ports;
        private final PathIndex[] byPort;
        private final int best;

        private PortIndex(@Nullable PathIndex anyPort, Map<Integer, PathIndex> certain) {
            this.anyPort = anyPort;
            this.ports = certain.keySet().stream().mapToInt(Integer::intValue).toArray();
            this.byPort = certain.values().toArray(PathIndex[]::new);
            int smallest = anyPort == null ? Integer.MAX_VALUE : anyPort.best();
            for (PathIndex index : byPort) {
                smallest = Math.min(smallest, index.best());
            }
            this.best = smallest;
        }

        static PortIndex of(Map<Integer, List<Rule>> rules) {
            var certain = new HashMap<Integer, PathIndex>();
            rules.forEach((port, listed) -> certain.put(port, PathIndex.of(listed)));
            PathIndex anyPort = certain.remove(HostPattern.ANY_PORT);
            return new PortIndex(anyPort, certain);
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
