package io.sluice.node.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Route.PathHandling;
import io.sluice.state.model.RouterFlavor;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PathProperties {

    @Property(tries = 5_000)
    void normalisingTwiceChangesNothing(@ForAll("paths") String raw) {
        String once = PathNormalizer.normalize(raw);
        Assume.that(once != null);

        assertThat(PathNormalizer.normalize(once)).isSameAs(once);
    }

    @Property(tries = 5_000)
    void noReaderFindsADotSegmentInANormalPath(@ForAll("paths") String raw) {
        String normal = PathNormalizer.normalize(raw);
        Assume.that(normal != null);

        assertThat(segmentsOfACarelessReader(normal)).doesNotContain(".", "..");
    }

    @Property(tries = 5_000)
    void theUpstreamPathStaysBelowTheServicesPath(
            @ForAll("paths") String raw,
            @ForAll("bases") String base,
            @ForAll boolean strip,
            @ForAll PathHandling handling,
            @ForAll RouterFlavor flavor,
            @ForAll int consumed) {
        String normal = PathNormalizer.normalize(raw);
        Assume.that(normal != null);
        int matched = Math.floorMod(consumed, normal.length() + 1);
        var route = Routes.route(1).strip(strip).handling(handling).build();
        var match = new RouteMatch(route, Routes.service(route.id(), base, true), 0, matched, Map.of());

        String upstream = UpstreamPath.of(match, normal, flavor);

        String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        assertThat(upstream).startsWith(root).matches("[\\x21-\\x7E]+");
        assertThat(List.of(upstream.split("/"))).doesNotContain(".", "..");
    }

    @Property
    void escapesOfUnreservedCharactersMakeNoDifference(@ForAll("plainPaths") String plain, @ForAll int bits) {
        var escaped = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            boolean escape = c != '/' && (bits >>> (i % 32) & 1) == 1;
            escaped.append(escape ? String.format(Locale.ROOT, "%%%02x", (int) c) : String.valueOf(c));
        }

        assertThat(PathNormalizer.normalize(escaped.toString())).isEqualTo(PathNormalizer.normalize(plain));
    }

    @Property
    void everyEscapedByteArrivesUpstreamAsSent(@ForAll byte[] bytes) {
        var escaped = new StringBuilder("/");
        for (byte b : bytes) {
            escaped.append(String.format(Locale.ROOT, "%%%02X", b == 0 || b == '.' ? 'a' : b & 0xFF));
        }
        String normal = PathNormalizer.normalize(escaped.toString());
        Assume.that(normal != null);

        String upstream = UpstreamPath.encode(normal);

        assertThat(upstream).matches("[\\x21-\\x7E]+");
        assertThat(PathNormalizer.normalize(upstream)).isEqualTo(normal);
        assertThat(decoded(upstream)).isEqualTo(decoded(escaped.toString()));
    }

    private static String decoded(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
    }

    /** Decodes once more, takes backslashes for slashes and drops parameters: the upstreams that attacks are made for. */
    private static List<String> segmentsOfACarelessReader(String path) {
        String decoded =
                path.replace("%2F", "/").replace("%5C", "/").replace('\\', '/').replace("%3B", ";");
        return List.of(decoded.split("/")).stream()
                .map(segment -> segment.indexOf(';') < 0 ? segment : segment.substring(0, segment.indexOf(';')))
                .toList();
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(
                        "/", "//", ".", "..", "%2e", "%2E%2e", "%2f", "%5c", "\\", ";", "%3b", "a", "b.", "%20", "%25",
                        "%252e", "%c3%a9", "%c0%ae", "%0a", "%7E", "?", "~", "\"", "%")
                .list()
                .ofMaxSize(12)
                .map(parts -> "/" + String.join("", parts));
    }

    @Provide
    Arbitrary<String> plainPaths() {
        return Arbitraries.strings().withChars("abcXYZ019-_~/").ofMaxLength(40).map(text -> "/" + text);
    }

    @Provide
    Arbitrary<String> bases() {
        return Arbitraries.of("/", "/base", "/base/", "/a/b", "/a.b/c");
    }
}
