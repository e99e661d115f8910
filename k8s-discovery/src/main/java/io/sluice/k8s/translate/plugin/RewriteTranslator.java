package io.sluice.k8s.translate.plugin;

import io.sluice.k8s.api.Quote;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.RouteDraft;
import io.sluice.k8s.translate.draft.ServiceDraft;
import io.sluice.state.model.kind.EntityKind;
import java.util.Map;
import java.util.Optional;

/**
 * {@code konghq.com/rewrite}: another path for the service, with {@code $1} for what the path's first group matched and
 * {@code \$} for a dollar sign. Becomes a request-transformer plugin on the Ingress's routes.
 */
public final class RewriteTranslator {

    private static final String KEY = "konghq.com/rewrite";
    private static final String PLUGIN = "request-transformer";

    private final Context context;

    public RewriteTranslator(Context context) {
        this.context = context;
    }

    /** Puts the plugins on the blueprint; to be run before the KongPlugins, which give way. */
    public void translate() {
        for (ServiceDraft service : context.blueprint().services().values()) {
            service.routes().forEach(this::route);
        }
    }

    private void route(RouteDraft route) {
        String given = route.ingress().metadata().annotations().get(KEY);
        if (given == null) {
            return;
        }
        Optional<String> template = template(given.isEmpty() ? "/" : given);
        if (template.isEmpty()) {
            String expected = " (expected: a path, $ followed by the number of a group or \\$ for the sign itself)";
            tell(route, Quote.of(given) + expected);
            return;
        }
        String name = route.route().text("name");
        Draft draft = new Draft(EntityKind.PLUGIN, route.ingress().ref())
                .set("name", PLUGIN)
                .set("config", Map.of("replace", Map.of("uri", template.get())));
        String fault = context.faults(draft).stream()
                .map(one -> one.message())
                .findFirst()
                .orElse("");
        if (!fault.isEmpty()) {
            tell(route, Quote.of(given) + " (" + fault + ")");
            return;
        }
        draft.set("id", Context.id("plugins", PLUGIN + ":route/" + name)).set("route", name);
        context.blueprint()
                .claims()
                .claim("plugins", PLUGIN + ":route/" + name, route.ingress().ref());
        context.blueprint().plugins().add(draft);
    }

    private void tell(RouteDraft route, String reason) {
        context.findings().partly(route.ingress().ref(), Context.annotation(KEY), reason);
    }

    /** The plugin's template; empty if a sign is wrong. */
    static Optional<String> template(String path) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < path.length()) {
            char c = path.charAt(i);
            if (c == '\\') {
                if (i + 1 == path.length() || path.charAt(i + 1) != '$') {
                    return Optional.empty();
                }
                out.append('$');
                i += 2;
            } else if (c == '$') {
                int end = i + 1;
                while (end < path.length() && path.charAt(end) >= '0' && path.charAt(end) <= '9') {
                    end++;
                }
                if (end == i + 1) {
                    return Optional.empty();
                }
                out.append("$(uri_captures[").append(path, i + 1, end).append("])");
                i = end;
            } else {
                out.append(c);
                i++;
            }
        }
        return Optional.of(out.toString());
    }
}
