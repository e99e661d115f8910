package io.sluice.node.route;

import io.sluice.state.model.Route;
import io.sluice.state.model.RouterFlavor;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Kong's rules written down as plainly as possible: split, number, sort, try one after the other. What the table must agree
 * with; shares no code with it. Wants lower-case ASCII routes.
 */
final class LinearRouter {
    private static final String SPLIT_ROUTES = "7f145bf9-0dce-4f91-98eb-debbce4b9f6b";

    private final RouterFlavor flavor;
    private final List<Entry> entries = new ArrayList<>();

    LinearRouter(List<Route> routes, RouterFlavor flavor) {
        this.flavor = flavor;
        routes.forEach(this::split);
        Comparator<Entry> largestId = Comparator.comparing(Entry::id, Comparator.reverseOrder());
        entries.sort(
                flavor == RouterFlavor.TRADITIONAL
                        ? Comparator.comparing(Entry::traditional, Comparator.reverseOrder())
                                .thenComparing(entry -> entry.route.createdAt())
                                .thenComparing(largestId)
                        : Comparator.comparing(Entry::compatible, Comparator.reverseOrder())
                                .thenComparing(largestId));
    }

    /** The winner as {@code name:matchedLength}, or "-". */
    String find(RouteRequest request) {
        for (Entry entry : entries) {
            int length = entry.match(request, flavor);
            if (length >= 0) {
                return entry.route.name() + ":" + length;
            }
        }
        return "-";
    }

    private void split(Route route) {
        var groups = new LinkedHashMap<Object, List<String>>();
        for (String path : route.paths()) {
            Object key = flavor == RouterFlavor.TRADITIONAL
                    ? groups.size()
                    : path.startsWith("~") ? "regex" : Integer.valueOf(path.length());
            groups.computeIfAbsent(key, any -> new ArrayList<>()).add(path);
        }
        if (groups.isEmpty()) {
            groups.put("none", List.of());
        }
        int index = 0;
        for (List<String> paths : groups.values()) {
            index++;
            boolean split = flavor == RouterFlavor.TRADITIONAL_COMPATIBLE && groups.size() > 1;
            entries.add(new Entry(
                    route,
                    paths,
                    split ? derived(route.id() + "#" + index) : route.id().toString()));
        }
    }

    private static String derived(String name) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(new BigInteger(SPLIT_ROUTES.replace("-", ""), 16).toByteArray());
            byte[] digest = sha1.digest(name.getBytes(StandardCharsets.US_ASCII));
            digest[6] = (byte) (digest[6] & 0x0F | 0x50);
            digest[8] = (byte) (digest[8] & 0x3F | 0x80);
            String hex = "0".repeat(32) + new BigInteger(1, Arrays.copyOf(digest, 16)).toString(16);
            hex = hex.substring(hex.length() - 32);
            return UUID.fromString(hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"))
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Ids compare as text here: lower-case hexadecimal digits in front of each other as their bytes are. */
    private record Entry(Route route, List<String> paths, String id) {

        /** Kong's 64 bits as binary digits, the negative regex priorities it cannot express moved up by 2^31. */
        BigInteger compatible() {
            return new BigInteger(
                    bits(kinds(), 3)
                            + bits(isPlain() ? 1 : 0, 1)
                            + bits(route.headers().size(), 8)
                            + bits(isRegex() ? 1 : 0, 1)
                            + bits(isRegex() ? route.regexPriority() + (1L << 31) : 0, 32)
                            + bits(length(), 19),
                    2);
        }

        /** The traditional order has no number in Kong; this one has its criteria from the most to the least telling. */
        BigInteger traditional() {
            boolean wildcardPort = route.hosts().stream().anyMatch(host -> host.contains("*") && host.contains(":"));
            String category = bits(route.hosts().isEmpty() ? 0 : 1, 1)
                    + bits(route.headers().isEmpty() ? 0 : 1, 1)
                    + bits(paths.isEmpty() ? 0 : 1, 1)
                    + bits(route.methods().isEmpty() ? 0 : 1, 1)
                    + bits(route.snis().isEmpty() ? 0 : 1, 1);
            return new BigInteger(
                    bits(kinds(), 3)
                            + category
                            + bits(wildcardPort ? 1 : 0, 1)
                            + bits(isPlain() ? 1 : 0, 1)
                            + bits(isRegex() ? 1 : 0, 1)
                            + bits(route.headers().size(), 8)
                            + bits(isRegex() ? route.regexPriority() + (1L << 31) : 0, 32)
                            + bits(length(), 19),
                    2);
        }

        private static String bits(long value, int width) {
            String digits = "0".repeat(width) + Long.toBinaryString(value);
            return digits.substring(digits.length() - width);
        }

        private int kinds() {
            return (int)
                    Stream.of(route.methods(), route.hosts(), route.headers().keySet(), route.snis(), paths)
                            .filter(attribute -> !attribute.isEmpty())
                            .count();
        }

        private boolean isPlain() {
            return !route.hosts().isEmpty() && route.hosts().stream().noneMatch(host -> host.contains("*"));
        }

        private boolean isRegex() {
            return !paths.isEmpty() && paths.get(0).startsWith("~");
        }

        private int length() {
            return paths.isEmpty() || isRegex() ? 0 : paths.get(0).length();
        }

        int match(RouteRequest request, RouterFlavor flavor) {
            boolean rest = (route.methods().isEmpty() || route.methods().contains(request.method()))
                    && (route.hosts().isEmpty() || route.hosts().stream().anyMatch(host -> host(host, request)))
                    && (route.snis().isEmpty()
                            || !request.tls()
                            || request.sni() != null
                                    && route.snis().stream().anyMatch(sni -> wildcard(sni, request.sni())))
                    && route.headers().entrySet().stream().allMatch(header -> header(header, request, flavor));
            return rest ? path(request.path()) : -1;
        }

        private int path(String path) {
            for (String rule : paths) {
                if (rule.startsWith("~")) {
                    Matcher matcher = Pattern.compile(rule.substring(1)).matcher(path);
                    if (matcher.lookingAt()) {
                        return matcher.end();
                    }
                } else if (path.startsWith(rule)) {
                    return rule.length();
                }
            }
            return paths.isEmpty() ? 0 : -1;
        }

        private static boolean host(String rule, RouteRequest request) {
            int colon = rule.indexOf(':');
            if (colon >= 0 && Integer.parseInt(rule.substring(colon + 1)) != request.port()) {
                return false;
            }
            return wildcard(colon < 0 ? rule : rule.substring(0, colon), request.host());
        }

        private static boolean wildcard(String rule, String name) {
            return Pattern.matches(rule.replace(".", "\\.").replace("*", ".+"), name);
        }

        private static boolean header(Map.Entry<String, List<String>> rule, RouteRequest request, RouterFlavor flavor) {
            boolean patterns = flavor == RouterFlavor.TRADITIONAL_COMPATIBLE
                    || rule.getValue().size() == 1;
            return request.headerValues(rule.getKey()).stream()
                    .anyMatch(value -> rule.getValue().stream()
                            .anyMatch(wanted -> patterns && wanted.startsWith("~*")
                                    ? Pattern.compile(wanted.substring(2))
                                            .matcher(value)
                                            .find()
                                    : wanted.equals(value)));
        }
    }
}
