package io.sluice.node.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A route as the table tries it: one per group of paths, with its rank, the smaller the better. Hosts and plain prefixes are
 * not looked at here: who asks came to the rule through them. By itself it is also the smallest set of rules.
 */
final class Rule implements RuleSet {
    private static final @Nullable Hit[] NO_HITS = {};

    private final RuleDraft draft;
    private final Hit hit;
    private final List<PathPattern> patterns;

    /** For patterns that are nothing but text what they find, for the others null. */
    private final @Nullable Hit[] fixedHits;

    Rule(RuleDraft draft, int rank) {
        this.draft = draft;
        this.hit = new Hit(rank, match(draft.prefixLength(), Map.of()));
        this.patterns = draft.paths().patterns();
        this.fixedHits = patterns.isEmpty() ? NO_HITS : new Hit[patterns.size()];
        for (int i = 0; i < fixedHits.length; i++) {
            Regex.Captured fixed = patterns.get(i).fixed();
            fixedHits[i] = fixed == null ? null : hit(fixed);
        }
    }

    RuleDraft draft() {
        return draft;
    }

    @Override
    public int best() {
        return hit.rank();
    }

    /** What every path of this rule begins with: the keys to file it under; one empty key if any path will do. */
    List<String> pathKeys() {
        if (patterns.isEmpty()) {
            return draft.paths().prefixes().isEmpty()
                    ? List.of("")
                    : draft.paths().prefixes();
        }
        if (patterns.size() == 1) {
            return List.of(patterns.get(0).literal());
        }
        var keys = new ArrayList<String>(patterns.size());
        for (PathPattern pattern : patterns) {
            if (!keys.contains(pattern.literal())) {
                keys.add(pattern.literal());
            }
        }
        return keys;
    }

    @Override
    public Hit search(RouteRequest request, String path, Hit best) {
        Hit found = best() < best.rank() ? match(request, path) : null;
        return found == null ? best : found;
    }

    /** The hit if the rest of the request fits, too; null if it does not. */
    @Nullable
    Hit match(RouteRequest request, String path) {
        if (!matchesMethod(request) || !matchesServerName(request)) {
            return null;
        }
        List<HeaderRule> headers = draft.headers();
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).matches(request)) {
                return null;
            }
        }
        return patterns.isEmpty() ? hit : matchPatterns(path);
    }

    private @Nullable Hit matchPatterns(String path) {
        for (int i = 0; i < fixedHits.length; i++) {
            Regex.Captured captured = patterns.get(i).match(path);
            if (captured != null) {
                Hit fixed = fixedHits[i];
                return fixed != null ? fixed : hit(captured);
            }
        }
        return null;
    }

    private boolean matchesMethod(RouteRequest request) {
        List<String> methods = draft.route().methods();
        if (methods.isEmpty()) {
            return true;
        }
        String asked = request.method();
        for (int i = 0; i < methods.size(); i++) {
            if (methods.get(i).equals(asked)) {
                return true;
            }
        }
        return false;
    }

    /** Without TLS there is no server name to ask for, and the request may still deserve a redirect to https. */
    private boolean matchesServerName(RouteRequest request) {
        List<HostPattern> names = draft.serverNames();
        if (names.isEmpty() || !request.tls()) {
            return true;
        }
        String asked = request.sni();
        if (asked == null) {
            return false;
        }
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).matches(asked)) {
                return true;
            }
        }
        return false;
    }

    private Hit hit(Regex.Captured captured) {
        return new Hit(hit.rank(), match(captured.length(), captured.groups()));
    }

    private RouteMatch match(int length, Map<String, String> captures) {
        return new RouteMatch(draft.route(), draft.service(), draft.ordinal(), length, captures);
    }
}
