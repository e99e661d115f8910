package io.sluice.k8s.translate.ingress;

import io.sluice.k8s.api.Ingress;
import io.sluice.k8s.api.KongIngress;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.translate.annotation.Annotations;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Copies;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.k8s.translate.draft.RouteDraft;
import io.sluice.k8s.translate.draft.ServiceDraft;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finishes routes: annotations, whether the gateway takes them, and who was first with a host and path. */
public final class RouteRules {

    private static final String OVERRIDE = "konghq.com/override";
    private static final Pattern PATH = Pattern.compile("paths\\[(\\d+)]");
    private static final List<String> OVERRIDABLE = List.of(
            "methods",
            "headers",
            "protocols",
            "regex_priority",
            "strip_path",
            "preserve_host",
            "https_redirect_status_code",
            "path_handling",
            "snis",
            "request_buffering",
            "response_buffering");

    private final Context context;

    public RouteRules(Context context) {
        this.context = context;
    }

    /** Runs over all routes of the blueprint; those of refused Ingresses are gone afterwards. */
    public void apply() {
        List<RouteDraft> all = new ArrayList<>();
        for (ServiceDraft service : context.blueprint().services().values()) {
            all.addAll(service.routes());
        }
        all.sort(Comparator.comparing((RouteDraft route) -> route.ingress().metadata(), Metadata.OLDEST_FIRST));
        for (RouteDraft route : all) {
            Ingress ingress = route.ingress();
            kongIngress(route);
            Annotations.route(ingress.metadata(), route.route(), context.findings());
            check(route);
        }
        dropRefused();
        all.removeIf(route -> context.findings().refused(route.ingress().ref()));
        firstComeFirstServed(all);
        all.stream()
                .filter(route -> !route.places().isEmpty())
                .forEach(route -> context.findings().use(route.ingress().ref()));
    }

    private void kongIngress(RouteDraft route) {
        String name = route.ingress().metadata().annotation(OVERRIDE);
        if (name.isEmpty()) {
            return;
        }
        String namespace = route.ingress().metadata().namespace();
        Optional<KongIngress> found = context.objects().find(KongIngress.class, namespace, name);
        if (found.isEmpty()) {
            String reason = "'" + name + "' (expected: a KongIngress of namespace " + namespace + ")";
            context.findings().partly(route.ingress().ref(), Context.annotation(OVERRIDE), reason);
            return;
        }
        found.get().route().forEach((field, value) -> {
            if (value != null && OVERRIDABLE.contains(field)) {
                overlay(route.route(), found.get().ref(), field, value);
            }
        });
    }

    private void overlay(Draft route, ObjectRef object, String field, Object value) {
        String place = "route." + field;
        String fault = context.copies()
                .excess(object, Copies.size(value), 1)
                .orElseGet(() -> Context.fault(route.kind(), field, value));
        if (fault.isEmpty()) {
            route.set(field, value, new Draft.Origin(object, place));
            context.findings().use(object);
        } else {
            context.findings().partly(object, place, fault);
        }
    }

    private void check(RouteDraft route) {
        ObjectRef ingress = route.ingress().ref();
        for (Fault fault : context.faults(route.route())) {
            context.findings()
                    .refuse(
                            ingress,
                            place(route, fault),
                            fault.told(route.route().fields(), true));
        }
        if (!context.findings().refused(ingress)) {
            context.blueprint().claims().claim(route.route()).ifPresent(conflict -> {
                String reason = "the route name " + route.route().text("name") + " is taken by " + conflict.owner()
                        + ", which is older (expected: another name of one of the two)";
                context.findings().refuse(ingress, "metadata.name", reason);
            });
        }
    }

    /** Where in the Ingress the fault is. */
    private static String place(RouteDraft route, Fault fault) {
        Draft.Origin origin = route.route().origin(fault.top());
        Matcher path = PATH.matcher(fault.path());
        if (path.matches()) {
            String written = route.paths().get(Integer.parseInt(path.group(1)));
            return route.places().get(written) + ".path";
        }
        if (fault.top().equals("hosts") && origin == null) {
            String first = route.places().values().iterator().next();
            return first.substring(0, Math.max(0, first.indexOf(".http"))) + ".host";
        }
        return origin == null ? fault.path() : origin.place();
    }

    private void dropRefused() {
        for (ServiceDraft service : context.blueprint().services().values()) {
            service.routes()
                    .removeIf(
                            route -> context.findings().refused(route.ingress().ref()));
        }
    }

    /** The routes are those of the oldest Ingress first. */
    private void firstComeFirstServed(List<RouteDraft> routes) {
        List<Written> ofOneIngress = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            RouteDraft route = routes.get(i);
            route.places().keySet().forEach(path -> ofOneIngress.add(new Written(route, path, route.number(path))));
            boolean last = i + 1 == routes.size()
                    || !routes.get(i + 1).ingress().ref().equals(route.ingress().ref());
            if (last) {
                ofOneIngress.sort(Comparator.comparingInt(Written::number));
                claim(ofOneIngress);
                ofOneIngress.clear();
            }
        }
        for (ServiceDraft service : context.blueprint().services().values()) {
            service.routes().removeIf(route -> route.places().isEmpty());
        }
    }

    /** A path of a route, and the number of its place in the Ingress. */
    private record Written(RouteDraft route, String path, int number) {}

    private void claim(List<Written> ofOneIngress) {
        Set<String> told = new HashSet<>();
        Map<RouteDraft, Set<String>> lost = new HashMap<>();
        for (Written one : ofOneIngress) {
            RouteDraft route = one.route();
            Optional<ObjectRef> owner = claim(route, one.path());
            if (owner.isPresent()) {
                String place = String.valueOf(route.places().get(one.path()));
                if (told.add(place)) {
                    tell(route, place, one.path(), owner.get());
                }
                lost.computeIfAbsent(route, key -> new HashSet<>()).add(one.path());
            }
        }
        lost.forEach(RouteDraft::remove);
    }

    /** Claims a path on all hosts; gives up the hosts that others have, and the path if that is all of them. */
    private Optional<ObjectRef> claim(RouteDraft route, String path) {
        List<String> hosts = route.hosts().isEmpty() ? List.of("") : route.hosts();
        List<String> free = new ArrayList<>();
        Optional<ObjectRef> taken = Optional.empty();
        for (String host : hosts) {
            String key = host
                    + '\0'
                    + path
                    + '\0'
                    + route.route().get("methods")
                    + route.route().get("headers")
                    + route.route().get("snis");
            Optional<ObjectRef> owner = context.blueprint()
                    .claims()
                    .claim("path", key, route.ingress().ref());
            if (owner.isEmpty()) {
                free.add(host);
            } else {
                taken = owner;
            }
        }
        if (taken.isPresent() && !free.isEmpty()) {
            tell(route, Context.annotation("konghq.com/host-aliases"), path, taken.get());
            route.route().set("hosts", free);
            return Optional.empty();
        }
        return taken;
    }

    private void tell(RouteDraft route, String place, String path, ObjectRef owner) {
        String host = route.hosts().isEmpty() ? "any host" : "host " + String.join(", ", route.hosts());
        String reason = owner.equals(route.ingress().ref())
                ? "path " + path + " of " + host + " is there twice (expected: once; the first one counts)"
                : "path " + path + " of " + host + " belongs to " + owner + ", which is older (expected: another)";
        context.findings().partly(route.ingress().ref(), place, reason);
    }
}
