package io.sluice.node.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one API by path. A path is literal segments and {@code {name}} for any one segment; a literal beats a name.
 * Filled before it is used, not changed afterwards.
 */
final class EndpointTable {

    /** A path's handlers by method, and what stood at its names. */
    record Found(Map<String, Handler> methods, Map<String, String> parameters) {}

    private static final class Node {
        private final Map<String, Node> literal = new TreeMap<>();
        private @Nullable Node any;
        private @Nullable String pattern;
        private final Map<String, Handler> methods = new LinkedHashMap<>();
    }

    private final Node root = new Node();
    private final List<String> patterns = new ArrayList<>();

    /** Adds a handler; the last one for a method of a path wins. */
    EndpointTable add(String method, String pattern, Handler handler) {
        Node node = root;
        for (String segment : segments(pattern)) {
            if (segment.startsWith("{")) {
                node.any = node.any == null ? new Node() : node.any;
                node = node.any;
            } else {
                node = node.literal.computeIfAbsent(segment, key -> new Node());
            }
        }
        if (node.pattern == null) {
            node.pattern = pattern;
            patterns.add(pattern);
        }
        node.methods.put(method, handler);
        return this;
    }

    EndpointTable get(String pattern, Handler handler) {
        return add("GET", pattern, handler);
    }

    /** All paths as added, sorted. */
    List<String> patterns() {
        return patterns.stream().sorted().toList();
    }

    /** The endpoint of a path whose segments are decoded. */
    Optional<Found> find(List<String> segments) {
        Node node = find(root, segments, 0);
        if (node == null || node.pattern == null) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        List<String> names = segments(node.pattern);
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).startsWith("{")) {
                parameters.put(names.get(i).substring(1, names.get(i).length() - 1), segments.get(i));
            }
        }
        return Optional.of(new Found(node.methods, parameters));
    }

    private static @Nullable Node find(Node node, List<String> segments, int at) {
        if (at == segments.size()) {
            return node.pattern == null ? null : node;
        }
        Node exact = node.literal.get(segments.get(at));
        Node found = exact == null ? null : find(exact, segments, at + 1);
        if (found == null && node.any != null) {
            found = find(node.any, segments, at + 1);
        }
        return found;
    }

    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }
}
