package io.sluice.node.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Route.PathHandling;
import io.sluice.state.model.RouterFlavor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamPathTest {

    /** What Kong 3.9.3's own tests of path handling demand, one row per service path, route path and request. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # service path | route path | request          | keep v0              | strip v0           | keep v1              | strip v1
            /            |            | /                | /                    | /                  | /                    | /
            /            |            | /route           | /route               | /route             | /route               | /route
            /            |            | /route/          | /route/              | /route/            | /route/              | /route/
            /            | /          | /                | /                    | /                  | /                    | /
            /            | /          | /route           | /route               | /route             | /route               | /route
            /            | /          | /route/          | /route/              | /route/            | /route/              | /route/
            /            | /          | /route/req       | /route/req           | /route/req         | /route/req           | /route/req
            /            | /          | /routereq        | /routereq            | /routereq          | /routereq            | /routereq
            /            | /route     | /route           | /route               | /                  | /route               | /
            /            | /route     | /route/          | /route/              | /                  | /route/              | /
            /            | /route     | /routereq        | /routereq            | /req               | /routereq            | /req
            /            | /route/    | /route/          | /route/              | /                  | /route/              | /
            /            | /route/    | /route/req       | /route/req           | /req               | /route/req           | /req
            /service     |            | /                | /service             | /service           | /service             | /service
            /service     |            | /route           | /service/route       | /service/route     | /serviceroute        | /serviceroute
            /service     |            | /route/          | /service/route/      | /service/route/    | /serviceroute/       | /serviceroute/
            /service     | /          | /                | /service             | /service           | /service             | /service
            /service     | /          | /route           | /service/route       | /service/route     | /serviceroute        | /serviceroute
            /service     | /          | /route/          | /service/route/      | /service/route/    | /serviceroute/       | /serviceroute/
            /service     | /          | /route/req       | /service/route/req   | /service/route/req | /serviceroute/req    | /serviceroute/req
            /service     | /          | /routereq        | /service/routereq    | /service/routereq  | /serviceroutereq     | /serviceroutereq
            /service     | /route     | /route           | /service/route       | /service           | /serviceroute        | /service
            /service     | /route     | /route%2E%2E/req | /service/route../req | /service/req       | /serviceroute../req  | /servicereq
            /service     | /route     | /route%2E/req    | /service/route./req  | /service/req       | /serviceroute./req   | /servicereq
            /service     | /route     | /route%2e%2E/req | /service/route../req | /service/req       | /serviceroute../req  | /servicereq
            /service     | /route     | /route%2e/req    | /service/route./req  | /service/req       | /serviceroute./req   | /servicereq
            /service     | /route     | /route../req     | /service/route../req | /service/req       | /serviceroute../req  | /servicereq
            /service     | /route     | /route./req      | /service/route./req  | /service/req       | /serviceroute./req   | /servicereq
            /service     | /route     | /route/          | /service/route/      | /service/          | /serviceroute/       | /service/
            /service     | /route     | /routereq        | /service/routereq    | /service/req       | /serviceroutereq     | /servicereq
            /service     | /route/    | /route/          | /service/route/      | /service/          | /serviceroute/       | /service
            /service     | /route/    | /route/req       | /service/route/req   | /service/req       | /serviceroute/req    | /servicereq
            /service/    |            | /                | /service/            | /service/          | /service/            | /service/
            /service/    |            | /route           | /service/route       | /service/route     | /service/route       | /service/route
            /service/    |            | /route/          | /service/route/      | /service/route/    | /service/route/      | /service/route/
            /service/    | /          | /                | /service/            | /service/          | /service/            | /service/
            /service/    | /          | /route           | /service/route       | /service/route     | /service/route       | /service/route
            /service/    | /          | /route/          | /service/route/      | /service/route/    | /service/route/      | /service/route/
            /service/    | /          | /route/req       | /service/route/req   | /service/route/req | /service/route/req   | /service/route/req
            /service/    | /          | /routereq        | /service/routereq    | /service/routereq  | /service/routereq    | /service/routereq
            /service/    | /route     | /route           | /service/route       | /service           | /service/route       | /service/
            /service/    | /route     | /route%2E%2E/req | /service/route../req | /service/req       | /service/route../req | /service/req
            /service/    | /route     | /route%2E/req    | /service/route./req  | /service/req       | /service/route./req  | /service/req
            /service/    | /route     | /route%2e%2E/req | /service/route../req | /service/req       | /service/route../req | /service/req
            /service/    | /route     | /route%2e/req    | /service/route./req  | /service/req       | /service/route./req  | /service/req
            /service/    | /route     | /route../req     | /service/route../req | /service/req       | /service/route../req | /service/req
            /service/    | /route     | /route./req      | /service/route./req  | /service/req       | /service/route./req  | /service/req
            /service/    | /route     | /route/          | /service/route/      | /service/          | /service/route/      | /service/
            /service/    | /route     | /routereq        | /service/routereq    | /service/req       | /service/routereq    | /service/req
            /service/    | /route/    | /route/          | /service/route/      | /service/          | /service/route/      | /service/
            /service/    | /route/    | /route/req       | /service/route/req   | /service/req       | /service/route/req   | /service/req
            /srv         | /rou       | /roureq          | /srv/roureq          | /srv/req           | /srvroureq           | /srvreq
            /srv/        | /rou       | /rou             | /srv/rou             | /srv               | /srv/rou             | /srv/
            """)
    void joinsTheServicesPathAndTheRequestsAsKongDoes(
            String base,
            String prefix,
            String path,
            String keptV0,
            String strippedV0,
            String keptV1,
            String strippedV1) {
        assertJoined(keptV0, base, prefix, path, false, PathHandling.V0);
        assertJoined(strippedV0, base, prefix, path, true, PathHandling.V0);
        assertJoined(keptV1, base, prefix, path, false, PathHandling.V1);
        assertJoined(strippedV1, base, prefix, path, true, PathHandling.V1);
    }

    @Test
    void ignoresHandlingV1InTraditionalCompatible() {
        var match = match("/service", 6, true, PathHandling.V1);

        assertThat(UpstreamPath.of(match, "/routereq", RouterFlavor.TRADITIONAL))
                .isEqualTo("/servicereq");
        assertThat(UpstreamPath.of(match, "/routereq", RouterFlavor.TRADITIONAL_COMPATIBLE))
                .isEqualTo("/service/req");
    }

    @Test
    void givesBackTheSameObjectIfNothingChanges() {
        String path = "/api/v1/users/42";

        assertThat(join(null, 4, path, false, PathHandling.V0)).isSameAs(path);
        assertThat(join("/", 4, path, false, PathHandling.V1)).isSameAs(path);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            /a../b,     2, /base/b
            /a./b,      2, /base/b
            /a..,       2, /base
            /a.,        2, /base
            /a...,      2, /base/...
            /a../,      2, /base/
            """)
    void stripsDotSegmentsThatStrippingBringsToTheFront(String path, int matched, String expected) {
        assertThat(join("/base", matched, path, true, PathHandling.V0)).isEqualTo(expected);
    }

    @Test
    void escapesAgainWhatMustNotBeSent() {
        String path = "/a b\"<>\\^`{|}\u00E9/%2F%25/!$&'()*+,;=:@[]-_.~";

        assertThat(join(null, 0, path, false, PathHandling.V0))
                .isEqualTo("/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D%E9/%2F%25/!$&'()*+,;=:@[]-_.~");
    }

    @Test
    void escapesTextBeyondBytesAsUtf8() {
        assertThat(UpstreamPath.encode("/\u20AC")).isEqualTo("/%E2%82%AC");
    }

    @Test
    void sendsNoFragment() {
        assertThat(UpstreamPath.encode("/a#b?c")).isEqualTo("/a%23b?c");
    }

    @Test
    void stripsWhatTheRegularExpressionMatched() {
        var table = Routes.table(
                RouterFlavor.TRADITIONAL_COMPATIBLE, Routes.route(1).paths("~/users/\\d+/profile"));
        String path = "/users/123/profile/hello/world";

        RouteMatch match = table.find(Requests.get("a", path));

        assertThat(UpstreamPath.of(match, path, RouterFlavor.TRADITIONAL_COMPATIBLE))
                .isEqualTo("/hello/world");
    }

    private static void assertJoined(
            String expected, String base, String prefix, String path, boolean strip, PathHandling handling) {
        int matched = prefix == null ? 0 : prefix.length();

        String joined = join(base, matched, PathNormalizer.normalize(path), strip, handling);

        assertThat(joined).isEqualTo(expected);
    }

    private static String join(String base, int matched, String path, boolean strip, PathHandling handling) {
        return UpstreamPath.of(match(base, matched, strip, handling), path, RouterFlavor.TRADITIONAL);
    }

    private static RouteMatch match(String base, int matched, boolean strip, PathHandling handling) {
        var route = Routes.route(1).strip(strip).handling(handling).build();
        return new RouteMatch(route, Routes.service(route.id(), base, true), 0, matched, Map.of());
    }
}
