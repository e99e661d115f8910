package io.sluice.k8s.translate.ingress;

import io.sluice.k8s.api.Ingress.PathType;
import java.util.List;

/**
 * From an Ingress's path to the paths of a route, as Kong's controller writes them. A path type with a boundary becomes a prefix
 * that ends in a slash and a regular expression for the path itself; text is not escaped in it.
 *
 * @param regexPrefix what marks a path as a regular expression; the route's mark is put in its place
 * @param legacy whether a path with unusual characters is a regular expression as well
 */
record PathWords(String regexPrefix, boolean legacy) {

    static final String DEFAULT_PREFIX = "/~";
    private static final String MARK = "~";

    /** The route's paths. */
    List<String> of(String given, PathType type) {
        String path = flat(given);
        return switch (type) {
            case PREFIX -> prefix(path);
            case EXACT -> List.of(marked(MARK + "/" + trimmedLeft(path) + "$"));
            case IMPLEMENTATION_SPECIFIC -> List.of(marked(path));
        };
    }

    /** Whether the path is compared as text, and has segments that stand for the way up or for nothing. */
    boolean climbs(String given) {
        String path = flat(given);
        boolean regex = path.startsWith(regexPrefix) || path.startsWith(MARK);
        return !regex && (path + "/").contains("/../") || !regex && (path + "/").contains("/./");
    }

    private List<String> prefix(String path) {
        String base = trimmedLeft(path);
        while (base.endsWith("/")) {
            base = base.substring(0, base.length() - 1);
        }
        return base.isEmpty()
                ? List.of(marked("/"))
                : List.of(marked("/" + base + "/"), marked(MARK + "/" + base + "$"));
    }

    private String marked(String path) {
        if (path.startsWith(regexPrefix)) {
            return MARK + path.substring(regexPrefix.length());
        }
        return legacy && !path.startsWith(MARK) && !path.chars().allMatch(PathWords::usual) ? MARK + path : path;
    }

    private static boolean usual(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || ".-_~/%".indexOf(c) >= 0;
    }

    private static String trimmedLeft(String path) {
        int from = 0;
        while (from < path.length() && path.charAt(from) == '/') {
            from++;
        }
        return path.substring(from);
    }

    /** Without repeated slashes; {@code /} if empty. */
    private static String flat(String path) {
        StringBuilder flat = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || flat.length() == 0 || flat.charAt(flat.length() - 1) != '/') {
                flat.append(c);
            }
        }
        return flat.length() == 0 ? "/" : flat.toString();
    }
}
