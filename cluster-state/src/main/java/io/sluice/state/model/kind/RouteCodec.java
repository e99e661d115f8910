package io.sluice.state.model.kind;

import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.schema.Settings;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes between tree and record. */
final class RouteCodec implements Codec<Route> {

    @Override
    public Route decode(Settings tree) {
        return new Route(
                Fields.uuid(tree),
                Fields.text(tree, "name"),
                Fields.reference(tree, "service"),
                protocols(tree.strings("protocols")),
                Fields.strings(tree, "methods"),
                Fields.strings(tree, "hosts"),
                Fields.strings(tree, "paths"),
                headers(tree.map("headers")),
                Fields.strings(tree, "snis"),
                endpoints(tree.list("sources")),
                endpoints(tree.list("destinations")),
                Fields.integer(tree, "regex_priority"),
                tree.bool("strip_path"),
                Fields.constant(Route.PathHandling.class, tree.string("path_handling")),
                tree.bool("preserve_host"),
                Fields.integer(tree, "https_redirect_status_code"),
                tree.bool("request_buffering"),
                tree.bool("response_buffering"),
                Fields.strings(tree, "tags"),
                Fields.created(tree),
                Fields.updated(tree));
    }

    @Override
    public Map<String, @Nullable Object> encode(Route route) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", route.id().toString());
        tree.put("created_at", Fields.time(route.createdAt()));
        tree.put("updated_at", Fields.time(route.updatedAt()));
        tree.put("name", route.name());
        tree.put("protocols", words(route.protocols()));
        tree.put("https_redirect_status_code", (long) route.httpsRedirectStatusCode());
        tree.put("strip_path", route.stripPath());
        tree.put("preserve_host", route.preserveHost());
        tree.put("request_buffering", route.requestBuffering());
        tree.put("response_buffering", route.responseBuffering());
        tree.put("tags", Fields.encoded(route.tags()));
        tree.put("service", Fields.encoded(route.service()));
        tree.put("snis", Fields.encoded(route.snis()));
        tree.put("sources", Fields.encoded(encode(route.sources())));
        tree.put("destinations", Fields.encoded(encode(route.destinations())));
        tree.put("methods", Fields.encoded(route.methods()));
        tree.put("hosts", Fields.encoded(route.hosts()));
        tree.put("paths", Fields.encoded(route.paths()));
        tree.put("headers", route.headers().isEmpty() ? null : route.headers());
        tree.put("regex_priority", (long) route.regexPriority());
        tree.put("path_handling", Fields.word(route.pathHandling()));
        return tree;
    }

    static Set<Protocol> protocols(Collection<String> words) {
        Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
        words.forEach(word -> protocols.add(Protocol.of(word).orElseThrow()));
        return Collections.unmodifiableSet(protocols);
    }

    static List<String> words(Set<Protocol> protocols) {
        return protocols.stream().map(Protocol::word).sorted().toList();
    }

    private static Map<String, List<String>> headers(Map<String, Object> tree) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        tree.forEach((name, values) -> headers.put(
                name, ((Collection<?>) values).stream().map(String::valueOf).toList()));
        return Collections.unmodifiableMap(headers);
    }

    private static List<Route.Endpoint> endpoints(List<Object> trees) {
        return trees.stream()
                .map(one -> new Settings(asTree(one)))
                .map(one -> new Route.Endpoint(Fields.text(one, "ip"), Fields.number(one, "port")))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> asTree(Object value) {
        return (Map<String, @Nullable Object>) value;
    }

    private static List<Map<String, @Nullable Object>> encode(List<Route.Endpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> {
                    Map<String, @Nullable Object> tree = Fields.tree();
                    tree.put("ip", endpoint.ip());
                    tree.put("port", Fields.encoded(endpoint.port()));
                    return tree;
                })
                .toList();
    }
}
