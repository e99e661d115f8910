package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.sluice.node.proxy.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a plugin has answered, the response and log phases of all others still run. */
class ShortCircuitIT {

    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/]}
            """;

    @TempDir
    private Path folder;

    @Test
    void a401CarriesTheHeadersOfEveryOtherPlugin() {
        String yaml = BASE + """
                plugins:
                - {name: cors, config: {origins: ['https://a.example'], exposed_headers: [X-B]}}
                - {name: correlation-id, config: {header_name: X-Trace, generator: uuid, echo_downstream: true}}
                - {name: key-auth}
                - {name: response-transformer, config: {add: {headers: ['X-Late:yes']}}}
                """;
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            RawClient.Response response = pipeline.send("GET /", "Origin: https://a.example");

            assertThat(response.status()).isEqualTo(401);
            assertThat(response.header("WWW-Authenticate")).contains("Key");
            assertThat(response.header("Access-Control-Allow-Origin")).contains("https://a.example");
            assertThat(response.header("Access-Control-Expose-Headers")).contains("X-B");
            assertThat(response.header("X-Trace")).isPresent();
            assertThat(response.header("X-Late")).contains("yes");
            assertThat(response.header("X-Kong-Response-Latency")).isPresent();
            assertThat(response.header("Via")).isEmpty();
            assertThat(pipeline.upstream().pending()).isZero();
        }
    }

    @Test
    void a429CarriesThemToo() {
        String yaml = BASE + """
                plugins:
                - {name: cors}
                - {name: rate-limiting, config: {year: 1, policy: local}}
                - {name: response-transformer, config: {add: {headers: ['X-Late:yes']}}}
                """;
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            assertThat(pipeline.send("GET /").status()).isEqualTo(200);

            RawClient.Response refused = pipeline.send("GET /");

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Access-Control-Allow-Origin")).contains("*");
            assertThat(refused.header("RateLimit-Remaining")).contains("0");
            assertThat(refused.header("Retry-After")).isPresent();
            assertThat(refused.header("X-Late")).contains("yes");
        }
    }

    @Test
    void laterAccessPhasesDoNotRun() throws Exception {
        String yaml = BASE + """
                plugins:
                - {name: key-auth}
                - {name: rate-limiting, config: {year: 1, policy: local}}
                consumers:
                - {username: alice, keyauth_credentials: [{key: a}]}
                """;
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            for (int i = 0; i < 3; i++) {
                assertThat(pipeline.send("GET /", "apikey: wrong").header("RateLimit-Limit"))
                        .isEmpty();
            }

            assertThat(pipeline.send("GET /", "apikey: a").status()).isEqualTo(200);
        }
    }

    @Test
    void fileLogHasARecordOf401And404AndOfWhatCouldNotBeRead() throws Exception {
        Path file = folder.resolve("log");
        String yaml = BASE.replace("paths: [/]", "paths: [/r]") + """
                plugins:
                - {name: key-auth, route: r}
                - {name: file-log, config: {path: 'FILE'}}
                """.replace("FILE", file.toString());
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            pipeline.send("GET /r?x=1");
            pipeline.send("GET /nothing");
            pipeline.send("GET /r", "Bad Name: 1");

            await().until(() -> Files.exists(file) && Files.readAllLines(file).size() == 3);
            List<String> lines = Files.readAllLines(file);
            JsonNode refused = json(lines.get(0));
            assertThat(refused.at("/response/status").intValue()).isEqualTo(401);
            assertThat(refused.at("/request/uri").textValue()).isEqualTo("/r?x=1");
            assertThat(refused.at("/route/name").textValue()).isEqualTo("r");
            assertThat(refused.at("/service/name").textValue()).isEqualTo("s");
            assertThat(refused.at("/latencies/proxy").intValue()).isEqualTo(-1);
            assertThat(refused.at("/source").textValue()).isEqualTo("kong");
            JsonNode unknown = json(lines.get(1));
            assertThat(unknown.at("/response/status").intValue()).isEqualTo(404);
            assertThat(unknown.has("route")).isFalse();
            assertThat(json(lines.get(2)).at("/response/status").intValue()).isEqualTo(400);
        }
    }

    @Test
    void httpLogHasARecordOf401And404() throws Exception {
        BlockingQueue<String> records = new LinkedBlockingQueue<>();
        HttpServer server = sink(records);
        String yaml = BASE.replace("paths: [/]", "paths: [/r]")
                + """
                plugins:
                - {name: key-auth, route: r}
                - {name: http-log, config: {http_endpoint: 'http://127.0.0.1:SINK/'}}
                """.replace("SINK", "" + server.getAddress().getPort());
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            pipeline.send("GET /r");
            JsonNode refused = json(records.poll(10, TimeUnit.SECONDS));
            pipeline.send("GET /nothing");
            JsonNode unknown = json(records.poll(10, TimeUnit.SECONDS));

            assertThat(refused.at("/response/status").intValue()).isEqualTo(401);
            assertThat(refused.at("/response/headers/www-authenticate").textValue())
                    .isEqualTo("Key");
            assertThat(unknown.at("/response/status").intValue()).isEqualTo(404);
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer sink(BlockingQueue<String> records) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            records.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static JsonNode json(String text) throws IOException {
        return new JsonMapper().readTree(text);
    }
}
