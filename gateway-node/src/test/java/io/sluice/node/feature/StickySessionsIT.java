package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that stay with the target that they were given first. */
class StickySessionsIT {

    private static final String FIELDS =
            "algorithm: sticky-sessions, sticky_sessions_cookie: sid, sticky_sessions_cookie_path: /app";

    private final Targets targets = new Targets();

    @AfterEach
    void closeTargets() {
        targets.close();
    }

    private static RawClient.Response ask(RawClient client, String... fields) {
        return client.send(Pipeline.request("GET /", fields)).readResponse();
    }

    private static String cookie(RawClient.Response response) {
        String line = response.header("Set-Cookie").orElseThrow();
        return "Cookie: a=b; " + line.substring(0, line.indexOf(';'));
    }

    @Test
    void sendsAClientToTheTargetOfItsFirstRequest() {
        String config = Targets.config(FIELDS, targets.named("a"), targets.named("b"), targets.named("c"));
        try (Pipeline one = Pipeline.of(config);
                Pipeline other = Pipeline.of(config);
                RawClient client = one.gateway().client();
                RawClient elsewhere = other.gateway().client()) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 6; i++) {
                RawClient.Response first = ask(client);
                assertThat(first.header("Set-Cookie").orElseThrow())
                        .matches("sid=[0-9a-f]{16}; Path=/app; SameSite=Lax; HttpOnly");
                RawClient.Response again = ask(client, cookie(first));
                RawClient.Response atAnotherNode = ask(elsewhere, cookie(first));

                assertThat(again.body()).isEqualTo(first.body());
                assertThat(again.header("Set-Cookie")).isEmpty();
                assertThat(atAnotherNode.body()).isEqualTo(first.body());
                seen.add(first.body());
            }
            assertThat(seen).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void givesAClientAnotherTargetAndCookieIfItsOwnIsGone() throws IOException {
        String kept = targets.named("kept");
        String leaving = targets.named("leaving");
        try (Pipeline pipeline = Pipeline.of(Targets.config(FIELDS, kept, leaving));
                RawClient client = pipeline.gateway().client()) {
            RawClient.Response first = ask(client);
            first = first.body().equals("leaving") ? first : ask(client);
            assertThat(first.body()).isEqualTo("leaving");
            pipeline.reload(Targets.config(FIELDS, kept, Targets.refusing()));

            RawClient.Response moved = ask(client, cookie(first));
            assertThat(moved.body()).isEqualTo("kept");
            assertThat(cookie(moved)).isNotEqualTo(cookie(first));
            assertThat(ask(client, cookie(moved)).header("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void movesAClientWhoseTargetFailsByARetry() throws IOException {
        String dead = Targets.refusing();
        String alive = targets.named("alive");
        try (Pipeline pipeline = Pipeline.of(Targets.config(FIELDS, dead, alive));
                RawClient client = pipeline.gateway().client()) {
            for (int i = 0; i < 4; i++) {
                RawClient.Response response = ask(client);
                assertThat(response.body()).isEqualTo("alive");
                assertThat(ask(client, cookie(response)).header("Set-Cookie")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "zz", "0000000000000000", "ffffffffffffffff", "ffffffffffffffff0", "-fffffffffffffff"})
    void takesACookieThatNamesNoTargetForNone(String value) {
        try (Pipeline pipeline = Pipeline.of(Targets.config(FIELDS, targets.named("a")))) {
            RawClient.Response response = pipeline.send("GET /", "Cookie: sid=" + value);

            assertThat(response.body()).isEqualTo("a");
            assertThat(response.header("Set-Cookie").orElseThrow()).startsWith("sid=");
        }
    }
}
