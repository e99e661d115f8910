package io.sluice.k8s.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hosts and paths and the services behind them.
 *
 * @param className {@code spec.ingressClassName}; empty if unset
 * @param defaultBackend null if it has none
 */
public record Ingress(
        Metadata metadata, String className, @Nullable Backend defaultBackend, List<Tls> tls, List<Rule> rules)
        implements KubeObject {

    /** How a path is compared. */
    public enum PathType {
        EXACT,
        PREFIX,
        IMPLEMENTATION_SPECIFIC
    }

    /** Where requests go. */
    public sealed interface Backend {
        /** A service of the same namespace. */
        record ToService(String name, Port port) implements Backend {}

        /** An object of another kind. */
        record ToResource(String group, String kind, String name) implements Backend {}
    }

    /**
     * A service's port by number or by name.
     *
     * @param number 0 if it is named
     * @param name empty if it is numbered
     */
    public record Port(int number, String name) {
        /** The number or the name. */
        public String word() {
            return number > 0 ? String.valueOf(number) : name;
        }
    }

    /** A secret with a certificate and the host names it is for. */
    public record Tls(String secret, List<String> hosts) {}

    /**
     * Paths of one host.
     *
     * @param host empty for any
     */
    public record Rule(String host, List<Path> paths) {}

    /**
     * A path and what is behind it.
     *
     * @param place of it in the object, for example {@code spec.rules[0].http.paths[1]}
     */
    public record Path(String place, String path, PathType type, Backend backend) {}

    static Ingress decode(Metadata metadata, FieldReader root) {
        FieldReader spec = root.object("spec");
        List<Tls> tls = new ArrayList<>();
        for (FieldReader one : spec.objects("tls")) {
            tls.add(new Tls(one.text("secretName"), one.textList("hosts")));
        }
        List<Rule> rules = new ArrayList<>();
        for (FieldReader rule : spec.objects("rules")) {
            List<Path> paths = new ArrayList<>();
            for (FieldReader path : rule.object("http").objects("paths")) {
                paths.add(new Path(path.path(), path.text("path"), pathType(path), backend(path.object("backend"))));
            }
            rules.add(new Rule(rule.text("host"), List.copyOf(paths)));
        }
        Backend fallback = spec.has("defaultBackend") ? backend(spec.object("defaultBackend")) : null;
        return new Ingress(metadata, spec.text("ingressClassName"), fallback, List.copyOf(tls), List.copyOf(rules));
    }

    private static PathType pathType(FieldReader path) {
        String word = path.text("pathType");
        return switch (word) {
            case "Exact" -> PathType.EXACT;
            case "Prefix" -> PathType.PREFIX;
            case "", "ImplementationSpecific" -> PathType.IMPLEMENTATION_SPECIFIC;
            default -> {
                path.problem("pathType", Quote.of(word) + " (expected: Exact, Prefix or ImplementationSpecific)");
                yield PathType.IMPLEMENTATION_SPECIFIC;
            }
        };
    }

    private static Backend backend(FieldReader backend) {
        if (backend.has("resource")) {
            FieldReader resource = backend.object("resource");
            return new Backend.ToResource(
                    resource.text("apiGroup"), resource.requiredText("kind"), resource.requiredText("name"));
        }
        FieldReader service = backend.object("service");
        FieldReader port = service.object("port");
        Integer number = port.integer("number", 1, 65_535);
        String name = port.text("name");
        if (number == null && name.isEmpty() && !port.has("number")) {
            service.problem("port", "is missing (expected: a number or a name)");
        }
        String target = service.requiredText("name");
        if (!target.isEmpty() && !KubeName.isLabel(target)) {
            service.problem("name", Quote.of(target) + " (" + KubeName.EXPECTED + ", no .)");
        }
        if (!name.isEmpty() && !KubeName.isLabel(name)) {
            port.problem("name", Quote.of(name) + " (" + KubeName.EXPECTED + ", no .)");
        }
        return new Backend.ToService(target, new Port(number == null ? 0 : number, number == null ? name : ""));
    }
}
