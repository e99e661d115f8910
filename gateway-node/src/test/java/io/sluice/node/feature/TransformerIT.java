package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and responses that are changed on their way. */
class TransformerIT {

    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM, path: /base}
            routes:
            - {name: r, service: s, paths: ['~/u/(?<id>[0-9]+)/?', /]}
            plugins:
            """;
    private static final String JSON = "Content-Type: application/json";

    private static Pipeline request(String config) {
        return Pipeline.of(BASE + "- name: request-transformer\n  config:\n" + config.indent(4));
    }

    private static Pipeline response(String upstream, String config) {
        return Pipeline.of(
                EchoUpstream.answering(upstream),
                BASE + "- name: response-transformer\n  config:\n" + config.indent(4));
    }

    @Test
    void changesPathQueryHeadersAndMethod() throws Exception {
        String config = """
                http_method: PUT
                remove: {headers: [X-Gone], querystring: [gone]}
                rename: {headers: ['X-Old:X-New'], querystring: ['old:new']}
                replace:
                  uri: /v2/users/$(uri_captures["id"])
                  headers: ['X-There:$(headers["x-source"])', 'Host:changed.example']
                add: {headers: ['X-Added:1', 'X-There:no'], querystring: ['added:1']}
                append: {headers: ['X-More:2']}
                """;
        try (Pipeline pipeline = request(config)) {
            pipeline.send(
                    "GET /u/42/x?gone=1&old=2&kept=3",
                    "X-Gone: 1",
                    "X-Old: 1",
                    "X-There: 0",
                    "X-Source: from",
                    "X-More: 1");

            EchoUpstream.Seen seen = pipeline.seen();
            assertThat(seen.requestLine()).startsWith("PUT /v2/users/42?");
            assertThat(seen.requestLine())
                    .contains("new=2", "kept=3", "added=1")
                    .doesNotContain("gone", "old=");
            assertThat(seen.header("X-Gone")).isEmpty();
            assertThat(seen.header("X-Old")).isEmpty();
            assertThat(seen.headers("X-New")).containsExactly("1");
            assertThat(seen.headers("X-There")).containsExactly("from");
            assertThat(seen.headers("X-Added")).containsExactly("1");
            assertThat(seen.headers("X-More")).containsExactly("1", "2");
            assertThat(seen.headers("Host")).containsExactly("changed.example");
        }
    }

    @Test
    void whatAClientSaysStaysInsideThePathOfTheTemplate() throws Exception {
        try (Pipeline pipeline = request("{replace: {uri: '/tenant/$(headers[\"x-tenant\"])/list'}}")) {
            assertThat(pipeline.send("GET /?a=1", "X-Tenant: b#c?d").status()).isEqualTo(200);
            assertThat(pipeline.seen().requestLine()).isEqualTo("GET /tenant/b%23c%3Fd/list?a=1 HTTP/1.1");

            assertThat(pipeline.send("GET /", "X-Tenant: ../admin").status()).isEqualTo(400);
            assertThat(pipeline.upstream().pending()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{add: {headers: ['Connection:close']}}",
                "{replace: {headers: ['Connection:X-Kong-Request-Id', 'Keep-Alive:max=1']}}",
                "{append: {headers: ['Connection:Upgrade', 'Upgrade:h2c', 'TE:gzip', 'Proxy-Connection:close']}}",
                "{rename: {headers: ['X-A:Connection']}}",
            })
    void theConnectionIsTheGatewaysOwn(String config) throws Exception {
        String upstream = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: close\r\n\r\nok";
        try (Pipeline pipeline = response(upstream, config);
                RawClient client = pipeline.gateway().client()) {
            for (int i = 0; i < 2; i++) {
                RawClient.Response got = client.send(Pipeline.request("GET /")).readResponse();

                assertThat(got.headers("Connection")).containsExactly("keep-alive");
                assertThat(got.header("Keep-Alive")).isEmpty();
                assertThat(got.header("Upgrade")).isEmpty();
            }
        }
        try (Pipeline pipeline = request(config)) {
            pipeline.send("GET /", "X-A: close");

            EchoUpstream.Seen seen = pipeline.seen();
            assertThat(seen.headers("Connection")).containsExactly("keep-alive");
            assertThat(seen.header("Keep-Alive")).isEmpty();
            assertThat(seen.header("Upgrade")).isEmpty();
            assertThat(seen.header("TE")).isEmpty();
        }
    }

    @Test
    void changesJsonBodiesOfEitherFraming() throws Exception {
        try (Pipeline pipeline = request("{remove: {body: [secret]}, add: {body: ['added:yes']}}")) {
            pipeline.sendBody("POST /", "{\"secret\":1,\"kept\":2}", JSON);
            EchoUpstream.Seen fixed = pipeline.seen();
            pipeline.sendChunks("POST /", List.of("{\"secret\":1,", "\"kept\":2}"), JSON);
            EchoUpstream.Seen chunked = pipeline.seen();

            for (EchoUpstream.Seen seen : List.of(fixed, chunked)) {
                assertThat(seen.body()).isEqualTo("{\"kept\":2,\"added\":\"yes\"}");
                assertThat(seen.headers("Content-Length"))
                        .containsExactly("" + seen.body().length());
                assertThat(seen.header("Transfer-Encoding")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{remove: {headers: [Content-Length, Transfer-Encoding]}}",
                "{replace: {headers: ['Content-Length:3', 'Transfer-Encoding:identity']}}",
                "{append: {headers: ['Content-Length:3', 'Transfer-Encoding:chunked', 'Host:evil']}}",
                "{rename: {headers: ['Content-Length:X-Was', 'Transfer-Encoding:X-Were', 'X-A:Content-Length']}}"
            })
    void theFrameOfARequestCannotBeChanged(String config) throws Exception {
        try (Pipeline pipeline = request(config)) {
            String body = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
            assertThat(pipeline.sendBody("POST /", body, "X-A: 0").status()).isEqualTo(200);
            EchoUpstream.Seen fixed = pipeline.seen();
            assertThat(pipeline.sendChunks("POST /", List.of(body), "X-A: 0").status())
                    .isEqualTo(200);
            EchoUpstream.Seen chunked = pipeline.seen();

            assertThat(fixed.body()).isEqualTo(body);
            assertThat(fixed.headers("Content-Length")).containsExactly("" + body.length());
            assertThat(fixed.headers("Host")).hasSize(1);
            assertThat(chunked.body()).isEqualTo(body);
            assertThat(chunked.headers("Transfer-Encoding")).containsExactly("chunked");
            assertThat(pipeline.upstream().pending()).isZero();
        }
    }

    @Test
    void changesJsonResponsesOfEitherFraming() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        String fixed = head + "Content-Length: 14\r\n\r\n{\"a\":1,\"b\":[]}";
        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1,\r\n7\r\n\"b\":[]}\r\n0\r\n\r\n";
        for (String upstream : List.of(fixed, chunked)) {
            try (Pipeline pipeline =
                            response(upstream, "{remove: {json: [a]}, add: {json: ['c:d'], headers: ['X-E:f']}}");
                    RawClient client = pipeline.gateway().client()) {
                for (int i = 0; i < 2; i++) {
                    RawClient.Response got =
                            client.send(Pipeline.request("GET /")).readResponse();

                    assertThat(got.body()).isEqualTo("{\"b\":[],\"c\":\"d\"}");
                    assertThat(got.headers("Transfer-Encoding")).containsExactly("chunked");
                    assertThat(got.header("Content-Length")).isEmpty();
                    assertThat(got.header("X-E")).contains("f");
                }
            }
        }
    }

    @Test
    void responsesWithoutABodyStayWithoutOne() {
        String empty = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n";
        String none = "HTTP/1.1 204 No Content\r\nContent-Type: application/json\r\n\r\n";
        String unchanged = "HTTP/1.1 304 Not Modified\r\nContent-Type: application/json\r\n\r\n";
        for (String upstream : List.of(empty, none, unchanged)) {
            try (Pipeline pipeline = response(upstream, "{add: {json: ['c:d'], headers: ['X-E:f']}}");
                    RawClient client = pipeline.gateway().client()) {
                for (int i = 0; i < 2; i++) {
                    RawClient.Response got =
                            client.send(Pipeline.request("GET /")).readResponse();

                    assertThat(got.body()).isEmpty();
                    assertThat(got.header("X-E")).contains("f");
                }
            }
        }
    }

    @Test
    void responsesToHeadStayWithoutABody() {
        String upstream = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n";
        try (Pipeline pipeline = response(upstream, "{remove: {json: [a]}, add: {headers: ['X-E:f']}}");
                RawClient client = pipeline.gateway().client()) {
            for (int i = 0; i < 2; i++) {
                RawClient.Response got = client.send(Pipeline.request("HEAD /")).readResponse(true);

                assertThat(got.status()).isEqualTo(200);
                assertThat(got.header("Content-Length")).isNotEqualTo(Optional.of("14"));
                assertThat(got.header("X-E")).contains("f");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{remove: {headers: [Content-Length, Transfer-Encoding]}}",
                "{replace: {headers: ['Content-Length:1', 'Transfer-Encoding:identity']}}",
                "{append: {headers: ['Content-Length:1', 'Transfer-Encoding:chunked']}}",
            })
    void theFrameOfAResponseCannotBeChanged(String config) {
        String fixed = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
        for (String upstream : List.of(fixed, chunked)) {
            try (Pipeline pipeline = response(upstream, config);
                    RawClient client = pipeline.gateway().client()) {
                for (int i = 0; i < 3; i++) {
                    RawClient.Response got =
                            client.send(Pipeline.request("GET /")).readResponse();

                    assertThat(got.status()).isEqualTo(200);
                    assertThat(got.body()).isEqualTo("ok");
                    assertThat(got.headers("Content-Length").size()
                                    + got.headers("Transfer-Encoding").size())
                            .isEqualTo(1);
                }
            }
        }
    }
}
