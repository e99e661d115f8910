package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.proxy.RawClient;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which configuration of a plugin applies to a request. */
class PluginScopeIT {

    /** The most specific first. */
    private static final List<String> SCOPES = List.of(
            "route: r, service: s, consumer: alice",
            "route: r, consumer: alice",
            "service: s, consumer: alice",
            "route: r, service: s, consumer_group: gold",
            "route: r, consumer_group: gold",
            "service: s, consumer_group: gold",
            "route: r, service: s",
            "consumer: alice",
            "consumer_group: gold",
            "route: r",
            "service: s",
            "");

    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            - {name: other, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/r]}
            - {name: beside, service: s, paths: [/beside]}
            - {name: foreign, service: other, paths: [/foreign]}
            consumers:
            - {username: alice, keyauth_credentials: [{key: a}]}
            - {username: bob, keyauth_credentials: [{key: b}]}
            - {username: nobody}
            consumer_groups:
            - {name: gold, consumers: [alice]}
            - {name: silver, consumers: [bob]}
            plugins:
            - {name: key-auth, config: {anonymous: nobody}}
            """;

    /** After authentication. */
    private static final TestPlugin MARK = new TestPlugin("mark", 700, Mark::new);

    /** Before authentication. */
    private static final TestPlugin EARLY = new TestPlugin("early", 1500, Mark::new);

    private record Mark(String value) implements Plugin {
        private static final HeaderName NAME = HeaderName.of("X-Mark");

        @Override
        public Verdict access(Exchange exchange) {
            exchange.upstream().headers().add(NAME, value);
            return Verdict.CONTINUE;
        }

        @Override
        public void responseHead(Exchange exchange) {
            exchange.response().headers().add(NAME, value);
        }
    }

    static IntStream ranks() {
        return IntStream.range(0, SCOPES.size());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ranks")
    void theMostSpecificEnabledOneApplies(int rank) throws Exception {
        StringBuilder yaml = new StringBuilder(BASE);
        for (int i = SCOPES.size() - 1; i >= 0; i--) {
            yaml.append(plugin("mark", SCOPES.get(i), "rank " + i, i >= rank));
        }
        try (Pipeline pipeline = Pipeline.of(yaml.toString(), MARK, EARLY)) {
            RawClient.Response response = pipeline.send("GET /r", "apikey: a");

            assertThat(pipeline.seen().headers("X-Mark")).containsExactly("rank " + rank);
            assertThat(response.headers("X-Mark")).containsExactly("rank " + rank);
        }
    }

    @Test
    void theOrderInTheDocumentDoesNotMatter() throws Exception {
        StringBuilder yaml = new StringBuilder(BASE);
        for (int i = 0; i < SCOPES.size(); i++) {
            yaml.append(plugin("mark", SCOPES.get(i), "rank " + i, true));
        }
        try (Pipeline pipeline = Pipeline.of(yaml.toString(), MARK, EARLY)) {
            assertThat(mark(pipeline, "/r", "a")).containsExactly("rank 0");
            assertThat(mark(pipeline, "/r", "b")).containsExactly("rank 6");
            assertThat(mark(pipeline, "/r", "")).containsExactly("rank 6");
            assertThat(mark(pipeline, "/beside", "a")).containsExactly("rank 2");
            assertThat(mark(pipeline, "/beside", "b")).containsExactly("rank 10");
            assertThat(mark(pipeline, "/foreign", "a")).containsExactly("rank 7");
            assertThat(mark(pipeline, "/foreign", "b")).containsExactly("rank 11");
        }
    }

    @Test
    void aPluginOnlyForAConsumerLeavesOthersAlone() throws Exception {
        String yaml = BASE + plugin("mark", "consumer: alice", "alice", true);
        try (Pipeline pipeline = Pipeline.of(yaml, MARK, EARLY)) {
            assertThat(mark(pipeline, "/r", "a")).containsExactly("alice");
            assertThat(mark(pipeline, "/r", "b")).isEmpty();
            assertThat(mark(pipeline, "/r", "")).isEmpty();
        }
    }

    @Test
    void aServiceScopeBindsARouteScopedPluginToThatService() throws Exception {
        String yaml = BASE + plugin("mark", "route: r, service: other", "elsewhere", true);
        try (Pipeline pipeline = Pipeline.of(yaml, MARK, EARLY)) {
            assertThat(mark(pipeline, "/r", "a")).isEmpty();
        }
    }

    @Test
    void consumersCountOnlyAfterTheyAreKnown() throws Exception {
        String yaml = BASE
                + plugin("early", "consumer: alice", "early alice", true)
                + plugin("early", "", "early all", true)
                + plugin("mark", "consumer: alice", "late alice", true)
                + plugin("mark", "", "late all", true);
        try (Pipeline pipeline = Pipeline.of(yaml, MARK, EARLY)) {
            RawClient.Response response = pipeline.send("GET /r", "apikey: a");

            assertThat(pipeline.seen().headers("X-Mark")).containsExactly("early all", "late alice");
            assertThat(response.headers("X-Mark")).containsExactly("early all", "late alice");
        }
    }

    @Test
    void onlyGlobalOnesSeeWhatNoRouteMatches() throws Exception {
        StringBuilder yaml = new StringBuilder(BASE);
        for (int i = 0; i < SCOPES.size(); i++) {
            yaml.append(plugin("mark", SCOPES.get(i), "rank " + i, true));
        }
        try (Pipeline pipeline = Pipeline.of(yaml.toString(), MARK, EARLY)) {
            RawClient.Response response = pipeline.send("GET /nothing", "apikey: a");

            assertThat(response.status()).isEqualTo(404);
            assertThat(response.headers("X-Mark")).containsExactly("rank 11");
        }
    }

    private static List<String> mark(Pipeline pipeline, String path, String key) throws Exception {
        pipeline.send("GET " + path, key.isEmpty() ? "X-None: 1" : "apikey: " + key);
        return pipeline.seen().headers("X-Mark");
    }

    private static String plugin(String name, String scope, String value, boolean enabled) {
        String where = scope.isEmpty() ? "" : ", " + scope;
        return "- {name: " + name + where + ", enabled: " + enabled + ", config: {value: '" + value + "'}}\n";
    }
}
