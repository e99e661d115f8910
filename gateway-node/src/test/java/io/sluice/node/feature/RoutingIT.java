package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which route a request takes, and what the upstream gets of its target. */
class RoutingIT {

    /** Every route tells its name to the upstream. */
    private static final String NAMED = """
            - {name: request-transformer, route: NAME, config: {add: {headers: ['X-Route:NAME']}}}
            """;

    private static Pipeline routes(String routes, String... names) {
        StringBuilder yaml = new StringBuilder("services:\n- {name: s, host: 127.0.0.1, port: UPSTREAM}\nroutes:\n");
        yaml.append(routes).append("plugins:\n");
        for (String name : names) {
            yaml.append(NAMED.replace("NAME", name));
        }
        return Pipeline.of(yaml.toString());
    }

    private static String route(Pipeline pipeline, String line, String... fields) throws Exception {
        RawClient.Response response = pipeline.send(line, fields);
        return response.status() == 200 ? pipeline.seen().header("X-Route").orElse("?") : "" + response.status();
    }

    @Test
    void moreAttributesThenExactHostsThenRegexesThenLongerPathsWin() throws Exception {
        String routes = """
                - {name: all, service: s, paths: [/]}
                - {name: long, service: s, paths: [/api/v1]}
                - {name: short, service: s, paths: [/api]}
                - {name: regex, service: s, paths: ['~/api/v[0-9]/x']}
                - {name: first, service: s, paths: ['~/api/v[0-9]/x/y'], regex_priority: 5}
                - {name: host, service: s, hosts: [a.example], paths: [/api]}
                - {name: wild, service: s, hosts: ['*.example'], paths: [/api/v1]}
                - {name: header, service: s, hosts: [a.example], paths: [/api], headers: {x-v: ['2', '3']}}
                - {name: method, service: s, hosts: [a.example], paths: [/api], methods: [DELETE]}
                """;
        try (Pipeline pipeline =
                routes(routes, "all", "long", "short", "regex", "first", "host", "wild", "header", "method")) {
            assertThat(route(pipeline, "GET /other")).isEqualTo("all");
            assertThat(route(pipeline, "GET /apiary")).isEqualTo("short");
            assertThat(route(pipeline, "GET /api/v1/x")).isEqualTo("regex");
            assertThat(route(pipeline, "GET /api/v1/x/y")).isEqualTo("first");
            assertThat(route(pipeline, "GET /api/v1/z")).isEqualTo("long");
            assertThat(route(pipeline, "GET /api/v1", "Host: b.example")).isEqualTo("wild");
            assertThat(route(pipeline, "GET /api/v1", "Host: A.Example:8000")).isEqualTo("host");
            assertThat(route(pipeline, "GET /api", "Host: a.example", "X-V: 3")).isEqualTo("header");
            assertThat(route(pipeline, "GET /api", "Host: a.example", "X-V: 4")).isEqualTo("host");
            assertThat(route(pipeline, "DELETE /api", "Host: a.example")).isEqualTo("method");
        }
    }

    @Test
    void onlyWhatMatchesIsServed() throws Exception {
        String routes = """
                - {name: get, service: s, paths: [/a], methods: [GET]}
                - {name: host, service: s, hosts: [h.example]}
                - {name: tls, service: s, paths: [/tls], protocols: [https]}
                - {name: redirect, service: s, paths: [/go], protocols: [https], https_redirect_status_code: 308}
                - {name: nothing, paths: [/nothing]}
                """;
        try (Pipeline pipeline = routes(routes, "get", "host")) {
            assertThat(route(pipeline, "GET /a")).isEqualTo("get");
            assertThat(route(pipeline, "POST /a")).isEqualTo("404");
            assertThat(route(pipeline, "POST /a", "Host: h.example")).isEqualTo("host");
            assertThat(route(pipeline, "GET /tls")).isEqualTo("426");
            assertThat(route(pipeline, "GET /nothing")).isEqualTo("503");
            RawClient.Response redirect = pipeline.send("GET /go/on?x=%20");
            assertThat(redirect.status()).isEqualTo(308);
            assertThat(redirect.header("Location")).contains("https://example.test/go/on?x=%20");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // service path, route path, strip, requested, sent
        ",        /r,       true,  /r,             /",
        ",        /r,       true,  /r/,            /",
        ",        /r,       true,  /r/x?q=1,       /x?q=1",
        ",        /r,       true,  /rx,            /x",
        ",        /r,       false, /r/x?q=1,       /r/x?q=1",
        "/base,   /r,       true,  /r,             /base",
        "/base,   /r,       true,  /r/,            /base/",
        "/base,   /r,       true,  /r/x,           /base/x",
        "/base,   /r,       true,  /rx,            /base/x",
        "/base/,  /r,       true,  /r,             /base",
        "/base/,  /r,       true,  /r/x,           /base/x",
        "/base,   /r,       false, /r/x,           /base/r/x",
        "/base,   /,        false, /,              /base",
        ",        /,        false, /a?,            /a?",
        ",        /,        false, /a%2Fb%2fc%20d, /a%2Fb%2Fc%20d",
        ",        /,        false, /%7euser/%73,   /~user/s",
        ",        /,        false, //a//b/./c/../d, /a/b/d",
        ",        /,        false, /x/%2e%2e/a,    /a",
        ",        /,        false, /?a=%7e//b/..,  /?a=%7e//b/..",
        ",        '~/u/(?<id>[^/]+)', true, /u/7/x, /x",
    })
    void thePathIsBuiltAsKongDoes(String base, String path, boolean strip, String requested, String sent)
            throws Exception {
        String service = "services:\n- {name: s, host: 127.0.0.1, port: UPSTREAM"
                + (base == null ? "" : ", path: " + base) + "}\n";
        String route = "routes:\n- {name: r, service: s, paths: ['" + path + "'], strip_path: " + strip + "}\n";
        for (String handling : List.of("v0", "v1")) { // v1 means v0 in this flavour
            try (Pipeline pipeline = Pipeline.of(service + route.replace("}", ", path_handling: " + handling + "}"))) {
                assertThat(pipeline.send("GET " + requested).status()).isEqualTo(200);

                assertThat(pipeline.seen().requestLine()).isEqualTo("GET " + sent + " HTTP/1.1");
            }
        }
    }

    @Test
    void theHostIsTheServicesUnlessItIsPreserved() throws Exception {
        String routes = """
                - {name: own, service: s, paths: [/own]}
                - {name: kept, service: s, paths: [/kept], preserve_host: true}
                """;
        try (Pipeline pipeline = routes(routes, "own", "kept")) {
            pipeline.send("GET /own", "Host: Client.Example:99");
            EchoUpstream.Seen own = pipeline.seen();
            pipeline.send("GET /kept", "Host: Client.Example:99");
            EchoUpstream.Seen kept = pipeline.seen();

            assertThat(own.headers("Host"))
                    .containsExactly("127.0.0.1:" + pipeline.upstream().port());
            assertThat(kept.headers("Host")).containsExactly("Client.Example:99");
            assertThat(kept.headers("X-Forwarded-Host")).containsExactly("client.example");
        }
    }

    @Test
    void theForwardedPathAndPrefixTellWhatWasStripped() throws Exception {
        String routes =
                "- {name: r, service: s, paths: [/r]}\n- {name: k, service: s, paths: [/k], strip_path: false}\n";
        try (Pipeline pipeline = routes(routes, "r", "k")) {
            pipeline.send("GET /r//x?q=1");
            EchoUpstream.Seen stripped = pipeline.seen();
            pipeline.send("GET /k/x");
            EchoUpstream.Seen kept = pipeline.seen();

            assertThat(stripped.headers("X-Forwarded-Path")).containsExactly("/r//x");
            assertThat(stripped.headers("X-Forwarded-Prefix")).containsExactly("/r");
            assertThat(kept.headers("X-Forwarded-Path")).containsExactly("/k/x");
            assertThat(kept.header("X-Forwarded-Prefix")).isEmpty();
        }
    }
}
