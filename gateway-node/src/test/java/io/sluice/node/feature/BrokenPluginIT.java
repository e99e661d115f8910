package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.plugin.BodyFilter;
import io.sluice.node.plugin.CapturedLog;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Header;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.proxy.RawClient;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of requests when a plugin has a bug. */
class BrokenPluginIT {

    private static final TestPlugin BROKEN = new TestPlugin("broken", 700, Broken::new);
    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: good, service: s, paths: [/good]}
            - {name: bad, service: s, paths: [/bad]}
            """;

    private final CapturedLog log = CapturedLog.of("io.sluice.node.proxy.PhaseRunner");

    /** Throws in one phase. */
    private record Broken(String where) implements Plugin {

        private void at(String phase) {
            if (where.equals(phase)) {
                throw new IllegalStateException("bug in " + phase);
            }
        }

        @Override
        public Verdict rewrite(Exchange exchange) {
            at("rewrite");
            return Verdict.CONTINUE;
        }

        @Override
        @SuppressWarnings("NullAway")
        public Verdict access(Exchange exchange) {
            at("access");
            return switch (where) {
                case "linkage" -> throw new NoClassDefFoundError("gone/Library");
                case "null" -> null;
                case "header" -> Verdict.error(403, "no").header("X-A", "a\r\nX-B: b");
                case "refuse", "refused head", "refused filter", "refused body" -> Verdict.error(403, "no");
                default -> Verdict.CONTINUE;
            };
        }

        @Override
        public void responseHead(Exchange exchange) {
            exchange.response().headers().set(HeaderName.of("X-Half"), "done");
            at("head");
            at("refused head");
        }

        @Override
        public Optional<BodyFilter> responseBody(Exchange exchange) {
            at("filter");
            at("refused filter");
            boolean filters = where.endsWith("chunk") || where.endsWith("end") || where.endsWith("body");
            return filters ? Optional.of(new Filter()) : Optional.empty();
        }

        @Override
        public void log(Exchange exchange) {
            at("log");
        }

        private final class Filter implements BodyFilter {
            @Override
            public ByteString onChunk(ByteString chunk) {
                at("chunk");
                at("refused body");
                return chunk;
            }

            @Override
            public ByteString onEnd() {
                at("end");
                return ByteString.emptyByteString();
            }
        }
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    private void assertFailureIsLoggedOnce() {
        assertThat(log.lines()).singleElement().asString().startsWith("ERROR plugin failed plugin=\"broken\" ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access",
                "head",
                "filter",
                "linkage",
                "null",
                "header",
                "refused head",
                "refused filter",
                "refused body"
            })
    void aBugBeforeTheHeadIsSentIsStatus500(String where) {
        try (Pipeline pipeline = broken(where)) {
            RawClient.Response response = pipeline.send("GET /bad");

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.header("X-Half").isPresent())
                    .as("what the plugin did before it failed")
                    .isEqualTo(where.equals("access")
                            || where.equals("linkage")
                            || where.equals("null")
                            || where.equals("header"));
            assertThat(response.header("X-Other")).contains("yes");
            String id = response.header("X-Kong-Request-Id").orElseThrow();
            assertThat(response.body())
                    .isEqualTo(
                            "{\n  \"message\":\"An unexpected error occurred\",\n  \"request_id\":\"" + id + "\"\n}");
            await().untilAsserted(this::assertFailureIsLoggedOnce);
            assertThat(pipeline.send("GET /good").status()).isEqualTo(200);
        }
    }

    @Test
    void aBugInARewritePhaseIsStatus500() {
        try (Pipeline pipeline = Pipeline.of(BASE + "plugins:\n- {name: broken, config: {value: rewrite}}\n", BROKEN)) {
            RawClient.Response response = pipeline.send("GET /good");

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body())
                    .contains(response.header("X-Kong-Request-Id").orElseThrow());
            assertFailureIsLoggedOnce();
            assertThat(pipeline.upstream().pending()).isZero();
        }
    }

    @Test
    void aBugInTheLogPhaseIsOnlyLogged() {
        try (Pipeline pipeline = broken("log")) {
            assertThat(pipeline.send("GET /bad").status()).isEqualTo(200);

            await().untilAsserted(this::assertFailureIsLoggedOnce);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunk", "end"})
    void aBugInABodyFilterLeavesTheBodyOpen(String where) {
        try (Pipeline pipeline = broken(where);
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /bad"));

            String rest = everything(client);

            assertThat(rest).doesNotContain("0\r\n\r\n");
            await().untilAsserted(this::assertFailureIsLoggedOnce);
            await().until(() -> pipeline.gateway().activeRequests() == 0);
            assertThat(pipeline.send("GET /good").status()).isEqualTo(200);
        }
    }

    @Test
    void otherRequestsOfTheConnectionGoOn() {
        try (Pipeline pipeline = broken("access");
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /good") + Pipeline.request("GET /bad") + Pipeline.request("GET /good"));

            assertThat(List.of(
                            client.readResponse().status(),
                            client.readResponse().status(),
                            client.readResponse().status()))
                    .containsExactly(200, 500, 200);
        }
    }

    @Test
    void aHeaderValueIsCheckedWhereItIsMade() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new Header(HeaderName.of("X-A"), "a\r\nX-B: b")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Pipeline broken(String where) {
        String yaml = BASE + "plugins:\n- {name: broken, route: bad, config: {value: '" + where + "'}}\n"
                + "- {name: response-transformer, config: {add: {headers: ['X-Other:yes']}}}\n";
        return Pipeline.of(yaml, BROKEN);
    }

    /** What arrives up to the end, in whatever way it ends. */
    private static String everything(RawClient client) {
        StringBuilder text = new StringBuilder();
        try {
            for (int b = client.socket().getInputStream().read();
                    b >= 0;
                    b = client.socket().getInputStream().read()) {
                text.append((char) b);
            }
        } catch (java.io.IOException e) {
            // a reset is an end as well
        }
        return text.toString();
    }
}
