package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the credentials and names of clients: they go to the upstream in one line and never to a log. */
class CredentialIT {

    @Test
    void keysInTheQueryAreNotLoggedWhateverTheAnswer(@TempDir Path folder) {
        Path log = folder.resolve("log");
        String yaml = """
                services:
                - {name: s, host: 127.0.0.1, port: UPSTREAM}
                routes:
                - name: r
                  service: s
                  paths: [/r]
                  plugins: [{name: key-auth, config: {key_names: [X-Secret]}}]
                consumers:
                - {username: alice, keyauth_credentials: [{key: s3cret}]}
                plugins:
                - {name: file-log, config: {path: LOG}}
                """.replace("LOG", log.toString());

        try (Pipeline pipeline = Pipeline.of(yaml)) {
            assertThat(pipeline.send("GET /r?x=1&X-Secret=s3cret").status()).isEqualTo(200);
            assertThat(pipeline.send("GET /r", "X-Secret: s3cret").status()).isEqualTo(200);
            assertThat(pipeline.send("GET /none?x-secret=s3cret").status()).isEqualTo(404);

            await().until(() -> Files.exists(log) && Files.readAllLines(log).size() == 3);
            assertThat(log).content().contains("x=1&X-Secret=REDACTED").doesNotContain("s3cret");
        }
    }

    @Test
    void namesWithLineBreaksReachTheUpstreamInOneLine() throws InterruptedException {
        String yaml = """
                services:
                - {name: s, host: 127.0.0.1, port: UPSTREAM}
                routes:
                - {name: r, service: s, paths: [/r], plugins: [{name: key-auth}]}
                consumers:
                - {username: "a\\r\\nX-Evil: 1\\0", custom_id: "caf\u00e9", keyauth_credentials: [{key: k}]}
                """;

        try (Pipeline pipeline = Pipeline.of(yaml)) {
            int status = pipeline.send("GET /r", "apikey: k").status();

            assertThat(status).isEqualTo(200);
            assertThat(pipeline.seen().header("X-Consumer-Username")).contains("a??X-Evil: 1?");
        }
    }
}
