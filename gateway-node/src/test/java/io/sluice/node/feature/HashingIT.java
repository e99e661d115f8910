package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Consistent hashing on every kind of input (kong-3, section 4.2). */
class HashingIT {

    /** So many that they are not all one target's by chance. */
    private static final int KEYS = 32;

    private final List<EchoUpstream> servers = new ArrayList<>();

    @AfterEach
    void closeServers() {
        servers.forEach(EchoUpstream::close);
    }

    private String target(String name) {
        return target(name, "");
    }

    private String target(String name, String fields) {
        EchoUpstream server = EchoUpstream.answering(
                "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + name.length() + "\r\n\r\n" + name);
        servers.add(server);
        return "{target: '127.0.0.1:" + server.port() + "'}";
    }

    private static String config(String fields, String... targets) {
        return """
                services:
                - {name: s, host: u, retries: 1}
                routes:
                - {name: r, service: s, paths: ['~/(?<tenant>[a-z0-9]+)/.*$', '/'], strip_path: false}
                consumers:
                %s
                - {username: guest}
                plugins:
                - {name: key-auth, config: {anonymous: guest, hide_credentials: true}}
                upstreams:
                - {name: u, %s, targets: [%s]}
                """.formatted(consumers(), fields, String.join(", ", targets));
    }

    private static String consumers() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < KEYS; i++) {
            all.append("- {username: c" + i + ", keyauth_credentials: [{key: k" + i + "}]}\n");
        }
        return all.toString().strip();
    }

    private static String ask(RawClient client, String line, String... fields) {
        RawClient.Response response =
                client.send(Pipeline.request("GET " + line, fields)).readResponse();
        assertThat(response.status()).isEqualTo(200);
        return response.body();
    }

    @ParameterizedTest
    @CsvSource({
        "'hash_on: header, hash_on_header: X-Shard-Key-Name',                    /,         'X-Shard-Key-Name: v#'",
        "'hash_on: header, hash_on_header: x-shard-key-name',                    /,         'X-SHARD-Key-Name: v#'",
        "'hash_on: header, hash_on_header: apikey',                              /,         'apikey: k#'",
        "'hash_on: path',                                                        /p#,       'A: b'",
        "'hash_on: query_arg, hash_on_query_arg: id',                            /?a=1&id=#, 'A: b'",
        "'hash_on: uri_capture, hash_on_uri_capture: tenant',                    /t#/x,     'A: b'",
        "'hash_on: uri_capture, hash_on_uri_capture: \"1\"',                     /t#/x,     'A: b'",
        "'hash_on: cookie, hash_on_cookie: sid',                                 /,         'Cookie: a=b; sid=s#'",
        "'hash_on: consumer',                                                    /,         'apikey: k#'",
        "'hash_on: consumer, hash_fallback: path',                               /,         'apikey: k#'",
        "'hash_on: header, hash_on_header: A-B, hash_fallback: header, hash_fallback_header: C-D', /, 'C-D: v#'",
        "'hash_on: header, hash_on_header: A-B, hash_fallback: query_arg, hash_fallback_query_arg: q', /?q=#, 'C: d'",
        "'hash_on: ip, hash_fallback: header, hash_fallback_header: A-B, host_header: h', /, ''"
    })
    void sendsOneKeyToOneTargetAndDifferentKeysToAll(String hashing, String path, String field) {
        boolean sameIp = hashing.startsWith("hash_on: ip");
        try (Pipeline pipeline =
                        Pipeline.of(config("algorithm: consistent-hashing, " + hashing, target("a"), target("b")));
                RawClient client = pipeline.gateway().client()) {
            Set<String> seen = new HashSet<>();
            for (int key = 0; key < KEYS; key++) {
                String line = path.replace("#", "" + key);
                String header = field.isEmpty() ? "A-B: " + key : field.replace("#", "" + key);
                String first = ask(client, line, header);
                for (int again = 0; again < 2; again++) {
                    assertThat(ask(client, line, header)).isEqualTo(first);
                }
                seen.add(first);
            }

            assertThat(seen).hasSize(sameIp ? 1 : 2);
        }
    }

    @Test
    void mindsNoOrderOfArgumentsThatAreRepeated() {
        String on = "hash_on: query_arg, hash_on_query_arg: id";
        try (Pipeline pipeline = Pipeline.of(config(on, target("a"), target("b")));
                RawClient client = pipeline.gateway().client()) {
            for (int i = 0; i < 8; i++) {
                assertThat(ask(client, "/?id=" + i + "&x=1&id=0"))
                        .isEqualTo(ask(client, "/?id=0&id=" + i))
                        .isEqualTo(ask(client, "/?id=0%2C" + i));
            }
        }
    }

    @Test
    void sendsEveryRequestWithoutAKeyToOneTarget() {
        String on = "hash_on: header, hash_on_header: X-K";
        try (Pipeline pipeline = Pipeline.of(config(on, target("a"), target("b"), target("c")));
                RawClient client = pipeline.gateway().client()) {
            String first = ask(client, "/0");
            for (int i = 1; i < 20; i++) {
                assertThat(ask(client, "/" + i)).isEqualTo(first);
            }
        }
    }

    @Test
    void givesACookieToAClientWithoutOneAndKeepsItWithItsTarget() {
        String on = "hash_on: cookie, hash_on_cookie: sid, hash_on_cookie_path: /app";
        try (Pipeline pipeline = Pipeline.of(config(on, target("a"), target("b")));
                RawClient client = pipeline.gateway().client()) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < KEYS; i++) {
                RawClient.Response first =
                        client.send(Pipeline.request("GET /")).readResponse();
                String line = first.header("Set-Cookie").orElseThrow();
                assertThat(line)
                        .matches("sid=[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
                                + "; Path=/app; SameSite=Lax; HttpOnly");
                String cookie = line.substring(0, line.indexOf(';'));
                RawClient.Response second = client.send(Pipeline.request("GET /", "Cookie: " + cookie))
                        .readResponse();
                assertThat(second.body()).isEqualTo(first.body());
                assertThat(second.header("Set-Cookie")).isEmpty();
                seen.add(first.body());
            }
            assertThat(seen).hasSize(2);
        }
    }

    @Test
    void givesACookieAsAFallbackInThePlaceOfTheUpstreamsOwn() {
        String on = "hash_on: header, hash_on_header: X-K, hash_fallback: cookie, hash_on_cookie: sid";
        String fields = "Set-Cookie: sid=theirs; Path=/\r\nset-cookie: other=1\r\n";
        try (Pipeline pipeline = Pipeline.of(config(on, target("a", fields)));
                RawClient client = pipeline.gateway().client()) {
            RawClient.Response without = client.send(Pipeline.request("GET /")).readResponse();
            RawClient.Response with =
                    client.send(Pipeline.request("GET /", "X-K: 1")).readResponse();

            assertThat(without.head()).contains("other=1", "sid=").doesNotContain("theirs");
            assertThat(with.head()).contains("sid=theirs", "other=1").doesNotContain("SameSite");
        }
    }

    @Test
    void standsInForATargetThatFails() throws IOException {
        String gone;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gone = "{target: '127.0.0.1:" + closed.getLocalPort() + "'}";
        }
        try (Pipeline pipeline = Pipeline.of(config("hash_on: path", gone, target("a"), target("b")));
                RawClient client = pipeline.gateway().client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(ask(client, "/" + i)).isEqualTo(ask(client, "/" + i));
            }
        }
    }
}
