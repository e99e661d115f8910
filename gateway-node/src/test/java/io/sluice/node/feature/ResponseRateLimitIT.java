package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits on what upstreams say that their responses cost. */
class ResponseRateLimitIT {

    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/]}
            plugins:
            - {name: response-ratelimiting, config: {limits: {video: {year: 3}, image: {year: 5}}}}
            """;

    private static String answer(String rest) {
        return "HTTP/1.1 200 OK\r\nX-Kong-Limit: video=2, image=1\r\nX-Other: kept\r\n" + rest;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/plain\r\nContent-Length: 4\r\n\r\nfilm",
                "Transfer-Encoding: chunked\r\n\r\n2\r\nfi\r\n2\r\nlm\r\n0\r\n\r\n"
            })
    void countsWhatResponsesCostAndWithholdsWhatIsTooMuch(String rest) throws Exception {
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.answering(answer(rest)), BASE);
                RawClient client = pipeline.gateway().client()) {
            RawClient.Response first = get(client);
            RawClient.Response beyond = get(client);
            RawClient.Response withheld = get(client);
            RawClient.Response again = get(client);

            assertThat(first.status()).isEqualTo(200);
            assertThat(first.body()).isEqualTo("film");
            assertThat(first.header("X-Kong-Limit")).isEmpty();
            assertThat(first.header("X-RateLimit-Limit-video-year")).contains("3");
            assertThat(first.header("X-RateLimit-Remaining-video-year")).contains("1");
            assertThat(first.header("X-RateLimit-Remaining-image-year")).contains("4");
            assertThat(beyond.status()).isEqualTo(200);
            assertThat(beyond.body()).isEqualTo("film");
            assertThat(beyond.header("X-RateLimit-Remaining-video-year")).contains("0");
            assertThat(withheld.status()).isEqualTo(429);
            assertThat(withheld.body()).isEmpty();
            assertThat(withheld.header("Content-Type")).isEmpty();
            assertThat(withheld.header("X-Other")).contains("kept");
            assertThat(withheld.header("X-RateLimit-Remaining-image-year")).contains("3");
            assertThat(again.header("X-RateLimit-Remaining-image-year")).contains("3");
            for (String left : new String[] {"3", "1", "0", "0"}) {
                assertThat(pipeline.seen().header("X-RateLimit-Remaining-video"))
                        .contains(left);
            }
        }
    }

    @Test
    void aResponseWithoutABodyIsWithheldAsWell() {
        String nothing = "HTTP/1.1 204 No Content\r\nX-Kong-Limit: video=3\r\n\r\n";
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.answering(nothing), BASE);
                RawClient client = pipeline.gateway().client()) {
            assertThat(get(client).status()).isEqualTo(204);

            RawClient.Response withheld = get(client);

            assertThat(withheld.status()).isEqualTo(429);
            assertThat(withheld.body()).isEmpty();
            assertThat(get(client).status()).isEqualTo(429);
        }
    }

    @Test
    void anUpgradeIsNotWithheld() {
        String cost = "X-Kong-Limit: video=3\r\n";
        String upgraded =
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + cost + "\r\n";
        String plain = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + cost + "\r\nok";
        EchoUpstream upstream =
                EchoUpstream.answering(seen -> seen.header("Upgrade").isPresent() ? upgraded : plain);
        try (Pipeline pipeline = Pipeline.of(upstream, BASE)) {
            assertThat(pipeline.send("GET /").status()).isEqualTo(200);
            assertThat(pipeline.send("GET /").status()).isEqualTo(429);

            RawClient.Response tunnel = pipeline.send(
                    "GET /",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

            assertThat(tunnel.status()).isEqualTo(101);
            assertThat(tunnel.header("X-RateLimit-Remaining-video-year")).contains("0");
        }
    }

    @Test
    void aWithheldAnswerToHeadHasNoBodyEither() {
        String answer = answer("Content-Length: 4\r\n\r\n");
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.answering(answer), BASE);
                RawClient client = pipeline.gateway().client()) {
            for (int status : new int[] {200, 200, 429, 429}) {
                RawClient.Response response =
                        client.send(Pipeline.request("HEAD /")).readResponse(true);
                assertThat(response.status()).isEqualTo(status);
            }
        }
    }

    @Test
    void blocksBeforeTheUpstreamIfAsked() {
        String yaml = BASE.replace("config: {", "config: {block_on_first_violation: true, ");
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.answering(answer("Content-Length: 4\r\n\r\nfilm")), yaml);
                RawClient client = pipeline.gateway().client()) {
            get(client);
            get(client);
            RawClient.Response blocked = get(client);

            assertThat(blocked.status()).isEqualTo(429);
            assertThat(blocked.body()).contains("API rate limit exceeded for 'video'", "request_id");
            assertThat(pipeline.upstream().pending()).isEqualTo(2);
        }
    }

    @Test
    void theGatewaysOwnAnswersCostNothing() {
        try (Pipeline pipeline = Pipeline.of(EchoUpstream.answering("nonsense\r\n\r\n"), BASE)) {
            RawClient.Response failed = pipeline.send("GET /");

            assertThat(failed.status()).isEqualTo(502);
            assertThat(failed.header("X-RateLimit-Remaining-video-year")).contains("3");
        }
    }

    private static RawClient.Response get(RawClient client) {
        return client.send(Pipeline.request("GET /")).readResponse();
    }
}
