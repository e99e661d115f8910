package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import io.sluice.node.settings.ProxySettings;
import io.sluice.state.model.Cidr;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is let through and what is answered at once: sizes, addresses, fixed answers, ids. */
class RequestLimitIT {

    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/]}
            plugins:
            """;
    private static final String TEN_BYTES =
            "- {name: request-size-limiting, config: {allowed_payload_size: 10, size_unit: bytes}}\n";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";

    @Test
    void bodiesOfEitherFramingAreLimited() throws Exception {
        try (Pipeline pipeline = Pipeline.of(BASE + TEN_BYTES)) {
            assertThat(pipeline.sendBody("POST /", "0123456789").status()).isEqualTo(200);
            assertThat(pipeline.sendChunks("POST /", List.of("01234", "56789")).status())
                    .isEqualTo(200);
            assertThat(pipeline.seen().body()).isEqualTo("0123456789");
            assertThat(pipeline.seen().body()).isEqualTo("0123456789");

            RawClient.Response fixed = pipeline.sendBody("POST /", "0123456789a");
            RawClient.Response chunked = pipeline.sendChunks("POST /", List.of("01234", "56789a"));

            for (RawClient.Response refused : List.of(fixed, chunked)) {
                assertThat(refused.status()).isEqualTo(413);
                assertThat(refused.body()).contains("Request size limit exceeded", "request_id");
            }
            assertThat(pipeline.upstream().pending()).isZero();
        }
    }

    @Test
    void aClientThatAsksFirstIsToldNotToSend() {
        try (Pipeline pipeline = Pipeline.of(BASE + TEN_BYTES);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("POST /", "Content-Length: 11", "Expect: 100-continue"));

            assertThat(client.readHead()).startsWith("HTTP/1.1 417 ");
        }
    }

    @Test
    void theLimitHoldsForBodiesThatPluginsRead() throws Exception {
        String before = BASE + TEN_BYTES + """
                - {name: key-auth, config: {key_in_body: true}}
                consumers:
                - {username: alice, keyauth_credentials: [{key: a}]}
                """;
        String after = BASE + TEN_BYTES + "- {name: request-transformer, config: {add: {body: ['x:y']}}}\n";
        for (String yaml : List.of(before, after)) {
            try (Pipeline pipeline = Pipeline.of(yaml)) {
                RawClient.Response good = pipeline.sendChunks("POST /", List.of("apikey=a"), FORM);
                RawClient.Response large = pipeline.sendChunks("POST /", List.of("apikey=a", "&b=c"), FORM);

                assertThat(good.status()).isEqualTo(200);
                assertThat(large.status()).isEqualTo(413);
                assertThat(large.body()).contains("Request size limit exceeded");
                assertThat(pipeline.seen().body()).startsWith("apikey=a");
                assertThat(pipeline.upstream().pending()).isZero();
            }
        }
    }

    @Test
    void terminationAnswersOnlyWhatItsTriggerNames() {
        String yaml =
                BASE + "- {name: request-termination, config: {status_code: 418, message: 'So long', trigger: stop}}\n";
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            assertThat(pipeline.send("GET /?go=1").status()).isEqualTo(200);
            for (RawClient.Response stopped : List.of(
                    pipeline.send("GET /?stop=1"), pipeline.send("GET /", "Stop: 1"), pipeline.send("GET /?stop"))) {
                assertThat(stopped.status()).isEqualTo(418);
                assertThat(stopped.body()).isEqualTo("{\"message\":\"So long\"}");
            }
        }
    }

    @Test
    void terminationComesAfterAuthenticationAndLimits() {
        String yaml = BASE + """
                - {name: key-auth}
                - {name: request-termination, config: {status_code: 200, body: 'bye', content_type: text/x-bye}}
                consumers:
                - {username: alice, keyauth_credentials: [{key: a}]}
                """;
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            assertThat(pipeline.send("GET /").status()).isEqualTo(401);

            RawClient.Response answered = pipeline.send("GET /", "apikey: a");

            assertThat(answered.status()).isEqualTo(200);
            assertThat(answered.header("Content-Type")).contains("text/x-bye");
            assertThat(answered.body()).isEqualTo("bye");
            assertThat(pipeline.upstream().pending()).isZero();
        }
    }

    @Test
    void correlationIdsGoBothWays() throws Exception {
        String yaml = BASE
                + "- {name: correlation-id, config: {header_name: X-Trace, generator: uuid, echo_downstream: true}}\n";
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            RawClient.Response made = pipeline.send("GET /");
            RawClient.Response given = pipeline.send("GET /", "X-Trace: mine");

            assertThat(made.headers("X-Trace"))
                    .hasSize(1)
                    .isEqualTo(pipeline.seen().headers("X-Trace"));
            assertThat(made.header("X-Trace").orElseThrow()).hasSize(36);
            assertThat(given.headers("X-Trace")).containsExactly("mine");
            assertThat(pipeline.seen().headers("X-Trace")).containsExactly("mine");
        }
    }

    @Test
    void addressesAreThoseThatTrustedPeersTell() {
        String yaml = BASE + "- {name: ip-restriction, config: {allow: [10.1.0.0/16]}}\n";
        try (Pipeline behind = Pipeline.of(EchoUpstream.ok(), yaml, trusting("127.0.0.0/8"));
                Pipeline open = Pipeline.of(EchoUpstream.ok(), yaml, ProxySettings.DEFAULT)) {
            RawClient.Response inside = behind.send("GET /", "X-Real-IP: 10.1.2.3");
            RawClient.Response outside = behind.send("GET /", "X-Real-IP: 10.2.2.3");
            RawClient.Response claimed = open.send("GET /", "X-Real-IP: 10.1.2.3");

            assertThat(inside.status()).isEqualTo(200);
            assertThat(outside.status()).isEqualTo(403);
            assertThat(outside.body()).contains("IP address not allowed: 10.2.2.3");
            assertThat(claimed.status()).isEqualTo(403);
            assertThat(claimed.body()).contains("IP address not allowed: 127.0.0.1");
        }
    }

    private static ProxySettings trusting(String block) {
        ProxySettings given = ProxySettings.DEFAULT;
        return new ProxySettings(
                List.of(Cidr.parse(block).orElseThrow()),
                given.realIpHeader(),
                given.realIpRecursive(),
                given.headers(),
                given.errorDefaultType(),
                given.portMaps(),
                given.allowDebugHeader(),
                given.client(),
                given.pool());
    }
}
