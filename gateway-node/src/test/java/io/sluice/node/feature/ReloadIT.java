package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Configurations that are replaced while requests are served. */
class ReloadIT {

    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/]}
            consumers:
            - {username: alice, keyauth_credentials: [{key: a}]}
            plugins:
            - {name: key-auth}
            - {name: rate-limiting, config: {year: 100000000, policy: local}}
            """;

    /** Differs from one to the next in the route's name, plugins and their settings. */
    private static String variant(int number) {
        return BASE.replace("name: r,", "name: r" + number + ",")
                + "- {name: response-transformer, config: {add: {headers: ['X-Variant:" + number + "']}}}\n"
                + (number % 2 == 0 ? "- {name: cors}\n" : "- {name: correlation-id}\n");
    }

    @Test
    @Timeout(60)
    void noRequestFailsWhileTenConfigurationsASecondComeAndGo() throws Exception {
        int clients = 8;
        int reloads = 30;
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicInteger reloaded = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Pipeline pipeline = Pipeline.of(variant(0))) {
            List<Future<List<Integer>>> results = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                results.add(threads.submit(() -> load(pipeline, running)));
            }
            CompletableFuture<Void> done = new CompletableFuture<>();
            timer.scheduleAtFixedRate(
                    () -> {
                        try {
                            pipeline.reload(variant(reloaded.incrementAndGet()));
                            if (reloaded.get() == reloads) {
                                done.complete(null);
                            }
                        } catch (Throwable e) {
                            done.completeExceptionally(e);
                        }
                    },
                    100,
                    100,
                    TimeUnit.MILLISECONDS);
            done.get(40, TimeUnit.SECONDS);
            timer.shutdownNow();
            running.set(false);

            for (Future<List<Integer>> result : results) {
                List<Integer> variants = result.get(20, TimeUnit.SECONDS);
                assertThat(variants).isSorted();
                assertThat(variants.stream().distinct().count()).isGreaterThan(5);
            }
        } finally {
            running.set(false);
            timer.shutdownNow();
            threads.shutdownNow();
        }
    }

    /** Requests one after the other on one connection; gives the variants that served them. */
    private static List<Integer> load(Pipeline pipeline, AtomicBoolean running) {
        List<Integer> variants = new ArrayList<>();
        try (RawClient client = pipeline.gateway().client()) {
            while (running.get()) {
                RawClient.Response response =
                        client.send(Pipeline.request("GET /", "apikey: a")).readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("ok");
                variants.add(Integer.parseInt(response.header("X-Variant").orElseThrow()));
            }
        }
        return variants;
    }

    @Test
    void aRequestEndsOnTheConfigurationThatItBeganWith() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        EchoUpstream upstream = EchoUpstream.answering(request -> {
            go.join();
            return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        });
        try (Pipeline pipeline = Pipeline.of(upstream, variant(1));
                RawClient client = pipeline.gateway().client()) {
            client.send(Pipeline.request("GET /", "apikey: a") + Pipeline.request("GET /", "apikey: a"));
            assertThat(pipeline.seen().requestLine()).isEqualTo("GET / HTTP/1.1");

            pipeline.reload(variant(2));
            go.complete(null);

            assertThat(client.readResponse().header("X-Variant")).contains("1");
            assertThat(client.readResponse().header("X-Variant")).contains("2");
        }
    }
}
