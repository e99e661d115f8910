package io.sluice.node.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A route as the table tries it: one per group of paths, with its place in the order. Hosts and plain prefixes are not looked
 * at here: who asks came to the rule through them.
 */
final class Rule {
    private final RuleDraft draft;
    private final Hit hit;
    private final String[] methods;
    private final HeaderRule[] headers;
    private final HostPattern[] serverNames;
    private final PathPattern[] patterns;
    private final @Nullable Hit[] fixedHits;

    Rule(RuleDraft draft, int rank) {
        this.draft = draft;
        this.hit = new Hit(rank, match(draft.prefixLength(), Map.of()));
        this.methods = draft.route().methods().toArray(String[]::new);
        this.headers = draft.headers().toArray(HeaderRule[]::new);
        this.serverNames = draft.serverNames().toArray(HostPattern[]::new);
        this.patterns = draft.paths().patterns().toArray(PathPattern[]::new);
        this.fixedHits = new Hit[patterns.length];
        for (int i = 0; i < patterns.length; i++) {
            Regex.Captured fixed = patterns[i].fixed();
            fixedHits[i] = fixed == null ? null : hit(fixed);
        }
    }

    int rank() {
        return hit.rank();
    }

    RuleDraft draft() {
        return draft;
    }

    /** What every path of this rule begins with: the keys to file it under; one empty key if any path will do. */
    List<String> pathKeys() {
        if (draft.paths().patterns().isEmpty()) {
            return draft.paths().prefixes().isEmpty()
                    ? List.of("")
                    : draft.paths().prefixes();
        }
        var keys = new ArrayList<String>(patterns.length);
        for (PathPattern pattern : patterns) {
            if (!keys.contains(pattern.literal())) {
                keys.add(pattern.literal());
            }
        }
        return keys;
    }

    /** The hit if the rest of the request fits, too; null if it does not. */
    @Nullable
    Hit match(RouteRequest request, String path) {
        if (!matchesMethod(request) || !matchesServerName(request)) {
            return null;
        }
        for (HeaderRule header : headers) {
            if (!header.matches(request)) {
                return null;
            }
        }
        return patterns.length == 0 ? hit : matchPatterns(path);
    }

    private @Nullable Hit matchPatterns(String path) {
        for (int i = 0; i < patterns.length; i++) {
            Regex.Captured captured = patterns[i].match(path);
            if (captured != null) {
                Hit fixed = fixedHits[i];
                return fixed != null ? fixed : hit(captured);
            }
        }
        return null;
    }

    private boolean matchesMethod(RouteRequest request) {
        if (methods.length == 0) {
            return true;
        }
        String asked = request.method();
        for (String method : methods) {
            if (method.equals(asked)) {
                return true;
            }
        }
        return false;
    }

    /** Without TLS there is no server name to ask for, and the request may still deserve a redirect to https. */
    private boolean matchesServerName(RouteRequest request) {
        if (serverNames.length == 0 || !request.tls()) {
            return true;
        }
        String asked = request.sni();
        if (asked == null) {
            return false;
        }
        for (HostPattern name : serverNames) {
            if (name.matches(asked)) {
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
