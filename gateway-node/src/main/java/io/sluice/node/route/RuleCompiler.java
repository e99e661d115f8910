package io.sluice.node.route;

import io.sluice.state.model.Problem;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.Service;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns routes into rules in the order they are tried. A route that cannot be used is left out and said to be a problem. */
final class RuleCompiler {
    /** Kong's name space for the ids of split routes. */
    private static final UUID SPLIT_ROUTES = UUID.fromString("7f145bf9-0dce-4f91-98eb-debbce4b9f6b");

    private static final Integer PATTERNS = 0;

    private final RouterFlavor flavor;
    private final Map<UUID, Service> services;
    private final Map<String, PathPattern> patterns = new HashMap<>();
    private final List<Route> used = new ArrayList<>();
    private final List<Placed> placed = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    RuleCompiler(Map<UUID, Service> services, RouterFlavor flavor) {
        this.services = services;
        this.flavor = flavor;
    }

    /** Takes a route in unless it is not for HTTP, its service is disabled, or something about it is wrong. */
    void add(Route route) {
        if (!route.protocols().isEmpty() && route.protocols().stream().noneMatch(Protocol::http)) {
            return;
        }
        Service service = route.service() == null ? null : services.get(route.service());
        if (service != null && !service.enabled()) {
            return;
        }
        if (route.service() != null && service == null) {
            problem(route, "service", route.service() + " (expected: the id of a service)");
        } else if (!route.sources().isEmpty() || !route.destinations().isEmpty()) {
            problem(
                    route,
                    route.sources().isEmpty() ? "destinations" : "sources",
                    "set (expected: none on an http route)");
        } else {
            split(route, service);
        }
    }

    /** The rules of all routes taken in, the one to try first in front. */
    List<Rule> rules() {
        placed.sort(Comparator.comparing(Placed::order));
        var rules = new ArrayList<Rule>(placed.size());
        for (Placed next : placed) {
            rules.add(new Rule(next.draft(), rules.size()));
        }
        return rules;
    }

    List<Route> routes() {
        return List.copyOf(used);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    private void split(Route route, @Nullable Service service) {
        String field = "headers";
        try {
            List<HeaderRule> headers = headers(route);
            field = "paths";
            List<RuleDraft.Paths> groups = groups(route);
            List<HostPattern> hosts = each(route.hosts(), HostPattern::ofHost);
            List<HostPattern> names = each(route.snis(), HostPattern::ofServerName);
            boolean newIds = flavor == RouterFlavor.TRADITIONAL_COMPATIBLE && groups.size() > 1;
            for (int i = 0; i < groups.size(); i++) {
                UUID id = newIds ? splitId(route.id() + "#" + (i + 1)) : route.id();
                var draft = new RuleDraft(route, service, used.size(), groups.get(i), hosts, headers, names);
                placed.add(new Placed(RuleOrder.of(draft, id, flavor), draft));
            }
            used.add(route);
        } catch (IllegalArgumentException e) {
            problem(route, field, String.valueOf(e.getMessage()));
        }
    }

    private List<HeaderRule> headers(Route route) {
        if (route.headers().isEmpty()) {
            return List.of();
        }
        var byName = new LinkedHashMap<String, List<String>>();
        route.headers()
                .forEach((name, values) -> byName.computeIfAbsent(Octets.lower(name), key -> new ArrayList<>())
                        .addAll(values));
        var headers = new ArrayList<HeaderRule>();
        byName.forEach((name, values) -> headers.add(HeaderRule.of(name, values, flavor)));
        return List.copyOf(headers);
    }

    /** Kong's splitting: one group per length of prefix and one for all patterns; in traditional, one per path. */
    private List<RuleDraft.Paths> groups(Route route) {
        List<String> paths = route.paths();
        if (paths.size() <= 1) {
            return List.of(paths.isEmpty() ? RuleDraft.Paths.ANY : group(paths));
        }
        if (flavor == RouterFlavor.TRADITIONAL) {
            return each(paths, path -> group(List.of(path)));
        }
        var groups = new LinkedHashMap<Integer, List<String>>();
        for (String path : paths) {
            Integer key = isPattern(path) ? PATTERNS : (Integer) prefix(path).length();
            groups.computeIfAbsent(key, length -> new ArrayList<>()).add(path);
        }
        return each(groups.values(), this::group);
    }

    private RuleDraft.Paths group(Collection<String> paths) {
        var prefixes = new ArrayList<String>();
        var compiled = new ArrayList<PathPattern>();
        for (String path : paths) {
            if (isPattern(path)) {
                compiled.add(patterns.computeIfAbsent(path.substring(1), PathPattern::of));
            } else {
                prefixes.add(prefix(path));
            }
        }
        return new RuleDraft.Paths(List.copyOf(prefixes), List.copyOf(compiled));
    }

    /** A stream costs more than the few elements there are. */
    private static <A, B> List<B> each(Collection<A> all, Function<A, B> change) {
        if (all.isEmpty()) {
            return List.of();
        }
        var changed = new ArrayList<B>(all.size());
        for (A one : all) {
            changed.add(change.apply(one));
        }
        return List.copyOf(changed);
    }

    private static boolean isPattern(String path) {
        return path.startsWith("~");
    }

    /** As requests' paths look after normalisation; what cannot be normalised is kept and matches nothing. */
    private static String prefix(String path) {
        String octets = Octets.of(path);
        String normal = octets.indexOf('%') < 0 ? octets : PathNormalizer.normalize(octets);
        return normal == null ? octets : normal;
    }

    private void problem(Route route, String field, String reason) {
        String name = route.name() == null ? route.id().toString() : route.name();
        problems.add(new Problem("route '" + name + "'", field, reason));
    }

    private record Placed(RuleOrder order, RuleDraft draft) {}

    /** A UUID of version 5 (RFC 9562, section 5.5). */
    static UUID splitId(String name) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(ByteBuffer.allocate(16)
                    .putLong(SPLIT_ROUTES.getMostSignificantBits())
                    .putLong(SPLIT_ROUTES.getLeastSignificantBits())
                    .flip());
            ByteBuffer digest = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
            long high = digest.getLong() & ~0xF000L | 0x5000L;
            long low = digest.getLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
            return new UUID(high, low);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
