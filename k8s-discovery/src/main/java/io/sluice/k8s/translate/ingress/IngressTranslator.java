package io.sluice.k8s.translate.ingress;

import io.sluice.k8s.api.Ingress;
import io.sluice.k8s.api.Ingress.Backend;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Copies;
import io.sluice.k8s.translate.draft.RouteDraft;
import io.sluice.k8s.translate.draft.ServiceDraft;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rules of Ingresses as routes: one for each Ingress, service, host and port, with all their paths. The oldest default backend
 * of all takes what no rule does.
 */
public final class IngressTranslator {

    private static final String REGEX_PREFIX = "konghq.com/regex-prefix";

    private final Context context;
    private final ClassParameters parameters;

    public IngressTranslator(Context context, ClassParameters parameters) {
        this.context = context;
        this.parameters = parameters;
    }

    /**
     * Puts services and routes on the blueprint.
     *
     * @return the Ingresses that are ours, the oldest first
     */
    public List<Ingress> translate() {
        List<Ingress> ours = new ArrayList<>();
        @Nullable Ingress fallback = null;
        for (Ingress ingress : context.objects().all(Ingress.class)) {
            if (context.ours(ingress)) {
                ours.add(ingress);
                if (!fits(ingress)) {
                    continue;
                }
                rules(ingress);
                if (ingress.defaultBackend() != null) {
                    fallback = fallback(ingress, fallback);
                }
            }
        }
        return ours;
    }

    /** Whether there is room for what its annotations say about each of its paths. */
    private boolean fits(Ingress ingress) {
        long paths =
                ingress.rules().stream().mapToLong(rule -> rule.paths().size()).sum();
        Optional<String> excess = context.copies().excess(ingress.ref(), Copies.size(ingress.metadata()), paths);
        excess.ifPresent(reason -> context.findings().refuse(ingress.ref(), "metadata.annotations", reason));
        return excess.isEmpty();
    }

    private void rules(Ingress ingress) {
        PathWords words = new PathWords(regexPrefix(ingress), parameters.legacyRegexDetection());
        List<String> tags = context.tags(ingress.metadata());
        Map<String, RouteDraft> routes = new LinkedHashMap<>();
        int number = 0;
        for (Ingress.Rule rule : ingress.rules()) {
            for (Ingress.Path path : rule.paths()) {
                number++;
                Optional<RouteDraft> route = route(ingress, rule.host(), path, words, tags, routes);
                for (String one : route.isPresent() ? words.of(path.path(), path.type()) : List.<String>of()) {
                    route.get().add(one, path.place(), number);
                }
            }
        }
    }

    /** The route that a path belongs to; empty if there is none for it, which is told. */
    private Optional<RouteDraft> route(
            Ingress ingress,
            String host,
            Ingress.Path path,
            PathWords words,
            List<String> tags,
            Map<String, RouteDraft> routes) {
        if (words.climbs(path.path())) {
            String reason = Quote.of(path.path()) + " (expected: a path without segments . and ..)";
            context.findings().refuse(ingress.ref(), path.place() + ".path", reason);
            return Optional.empty();
        }
        Optional<ServiceDraft> service = service(ingress, path.backend(), path.place() + ".backend", "/");
        return service.map(one -> routes.computeIfAbsent(routeName(ingress, one, host), name -> {
            RouteDraft draft = route(ingress, name, tags);
            if (!host.isEmpty()) {
                draft.route().set("hosts", List.of(host));
            }
            one.routes().add(draft);
            return draft;
        }));
    }

    private Ingress fallback(Ingress ingress, @Nullable Ingress older) {
        Backend backend = ingress.defaultBackend();
        if (older != null || backend == null) {
            String owner = older == null ? "" : older.ref().toString();
            String reason = "is not used: " + owner + " is older and has one (expected: one for all ingresses)";
            context.findings().partly(ingress.ref(), "spec.defaultBackend", reason);
            return older == null ? ingress : older;
        }
        service(ingress, backend, "spec.defaultBackend", "").ifPresent(service -> {
            RouteDraft route = route(
                    ingress,
                    ingress.metadata().namespace() + "." + ingress.metadata().name(),
                    context.tags(ingress.metadata()));
            route.add("/", "spec.defaultBackend", Integer.MAX_VALUE);
            service.routes().add(route);
        });
        return ingress;
    }

    private Optional<ServiceDraft> service(Ingress ingress, Backend backend, String place, String path) {
        if (backend instanceof Backend.ToService to) {
            String namespace = ingress.metadata().namespace();
            String name = ServiceDraft.name(namespace, to.name(), to.port());
            ServiceDraft draft = context.blueprint()
                    .services()
                    .computeIfAbsent(name, key -> new ServiceDraft(namespace, to.name(), to.port()));
            if (!path.isEmpty()) {
                draft.service().set("path", path);
            }
            return Optional.of(draft);
        }
        String kind = backend instanceof Backend.ToResource to ? to.kind() : "";
        context.findings().partly(ingress.ref(), place, Quote.of(kind) + " (expected: a service)");
        return Optional.empty();
    }

    private static String routeName(Ingress ingress, ServiceDraft service, String host) {
        return String.join(
                ".",
                ingress.metadata().namespace(),
                ingress.metadata().name(),
                service.backend(),
                host.replace('*', '_'),
                service.port().word());
    }

    private RouteDraft route(Ingress ingress, String name, List<String> tags) {
        RouteDraft draft = new RouteDraft(ingress);
        draft.route()
                .set("name", name)
                .set("id", Context.id("routes", name))
                .set("strip_path", false)
                .set("preserve_host", true)
                .set("regex_priority", 0L)
                .set("request_buffering", true)
                .set("response_buffering", true)
                .set("tags", tags);
        return draft;
    }

    private String regexPrefix(Ingress ingress) {
        String prefix = ingress.metadata().annotations().get(REGEX_PREFIX);
        if (prefix != null && prefix.isEmpty()) {
            String reason = "'' (expected: what marks a path as a regular expression, for example /@)";
            context.findings().partly(ingress.ref(), Context.annotation(REGEX_PREFIX), reason);
        }
        return prefix == null || prefix.isEmpty() ? PathWords.DEFAULT_PREFIX : prefix;
    }
}
