package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.proxy.RawClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What balancing can do beyond Kong. */
class BalancingOptionsIT {

    private final CompletableFuture<Void> go = new CompletableFuture<>();
    private final List<EchoUpstream> servers = new ArrayList<>();
    private final Targets targets = new Targets();

    @AfterEach
    void closeTargets() {
        go.complete(null);
        targets.close();
    }

    /** A target that answers with its name, to /wait when it is told to. */
    private String waiting(String name) {
        EchoUpstream server = EchoUpstream.answering(request -> {
            if (request.requestLine().contains("/wait")) {
                go.join();
            }
            return Targets.response(200, name);
        });
        servers.add(server);
        return targets.of(server);
    }

    private int pending() {
        return servers.stream().mapToInt(EchoUpstream::pending).sum();
    }

    @Test
    void choosesTheLessBusyOfTwo() {
        String config = Targets.config("algorithm: power-of-two-choices", waiting("a"), waiting("b"));
        try (Pipeline pipeline = Pipeline.of(config);
                RawClient client = pipeline.gateway().client();
                RawClient held = pipeline.gateway().client()) {
            held.send(Pipeline.request("GET /wait"));
            await().until(() -> pending() == 1);
            String idle = servers.get(0).pending() == 1 ? "b" : "a";

            assertThat(Targets.counts(client, 20)).isEqualTo(Map.of(idle, 20));
        }
    }

    @Test
    void boundsTheLoadThatOneKeyBringsToItsTarget() {
        String config = Targets.config(
                "algorithm: consistent-hashing, hash_on: path, hash_balance_factor: 150",
                waiting("a"),
                waiting("b"),
                waiting("c"));
        try (Pipeline pipeline = Pipeline.of(config)) {
            List<RawClient> held = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                RawClient client = pipeline.gateway().client();
                held.add(client.send(Pipeline.request("GET /wait")));
                int sent = i;
                await().until(() -> pending() == sent);
            }

            assertThat(servers).allMatch(server -> server.pending() <= 3);
            go.complete(null);
            Set<String> seen = new HashSet<>();
            held.forEach(client -> seen.add(client.readResponse().body()));
            assertThat(seen).hasSizeGreaterThan(1);
            held.forEach(RawClient::close);
        }
    }

    @Test
    void givesANewTargetLittleAtFirst() {
        String old = waiting("old");
        long start = System.nanoTime();
        try (Pipeline pipeline = Pipeline.of(Targets.config("slow_start: 2", old));
                RawClient client = pipeline.gateway().client()) {
            await().until(() -> System.nanoTime() - start > 2_100_000_000L);
            pipeline.reload(Targets.config("slow_start: 2", old, waiting("new")));

            // Few requests: also on a busy machine they take a small part of the time in which its share grows.
            assertThat(Targets.counts(client, 20).getOrDefault("new", 0)).isLessThan(8);
            await().until(() -> Targets.counts(client, 100).equals(Map.of("old", 50, "new", 50)));
        }
    }
}
