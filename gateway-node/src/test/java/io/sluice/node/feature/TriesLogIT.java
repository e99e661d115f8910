package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says of each try of a request. */
class TriesLogIT {

    @TempDir
    Path folder;

    @Test
    void everyTryIsLoggedWithItsTargetAndTheTimeOfDay() throws Exception {
        int gone;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gone = socket.getLocalPort();
        }
        Path log = folder.resolve("log");
        long before = System.currentTimeMillis();
        try (Pipeline pipeline = Pipeline.of("""
                services:
                - {name: s, host: u, retries: 1}
                routes:
                - {name: r, service: s, paths: [/]}
                upstreams:
                - {name: u, targets: [{target: '127.0.0.1:%d'}, {target: '127.0.0.1:UPSTREAM'}]}
                plugins:
                - {name: file-log, config: {path: '%s'}}
                """.formatted(gone, log))) {

            for (int i = 0; i < 4; i++) { // in turn: one of the first two meets the one that is gone
                pipeline.send("GET /");
            }

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Files.exists(log) && Files.readAllLines(log).size() == 4);
        }
        long after = System.currentTimeMillis();
        JsonNode tries = Files.readAllLines(log).stream()
                .map(TriesLogIT::json)
                .map(line -> line.get("tries"))
                .filter(some -> some.size() == 2)
                .findFirst()
                .orElseThrow();
        assertThat(tries.get(0).get("port").intValue()).isEqualTo(gone);
        assertThat(tries.get(0).get("state").textValue()).isEqualTo("failed");
        assertThat(tries.get(1).get("port").intValue()).isNotEqualTo(gone);
        for (JsonNode one : tries) {
            assertThat(one.get("balancer_start").longValue()).isBetween(before - 1, after + 1);
            assertThat(one.get("balancer_start_ns").longValue() / 1_000_000).isBetween(before - 1, after + 1);
        }
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (java.io.IOException e) {
            throw new AssertionError(line, e);
        }
    }
}
