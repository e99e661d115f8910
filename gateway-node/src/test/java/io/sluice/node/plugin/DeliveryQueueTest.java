package io.sluice.node.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryQueueTest {
    private final ScheduledExecutorService background = Executors.newScheduledThreadPool(2);
    private final List<List<String>> delivered = new CopyOnWriteArrayList<>();
    private final List<Long> times = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        background.shutdownNow();
    }

    @Test
    void deliversEachEntryAtOnceByDefault() {
        var queue = queue(Map.of(), this::accept);

        add(queue, "a", "b", "c");

        await().until(() -> delivered.size() == 3);
        assertThat(delivered).containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }

    @Test
    void deliversAFullBatchWithoutWaiting() {
        var queue = queue(Map.of("max_batch_size", 3, "max_coalescing_delay", 3600), this::accept);

        add(queue, "a", "b", "c", "d");

        await().until(() -> !delivered.isEmpty());
        assertThat(delivered).containsExactly(List.of("a", "b", "c"));
        assertThat(queue.waiting()).isEqualTo(1);
    }

    @Test
    void deliversAPartialBatchAfterTheCoalescingDelay() {
        var queue = queue(Map.of("max_batch_size", 100, "max_coalescing_delay", 0.2), this::accept);
        long start = System.nanoTime();

        add(queue, "a", "b");

        await().until(() -> !delivered.isEmpty());
        assertThat(delivered).containsExactly(List.of("a", "b"));
        assertThat(Duration.ofNanos(times.get(0) - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void triesTheSameBatchAgainWithDoublingDelays() {
        var failures = new CountDownLatch(4);
        var queue = queue(Map.of("initial_retry_delay", 0.02, "max_retry_delay", 0.1, "max_batch_size", 2), batch -> {
            accept(batch);
            failures.countDown();
            return failures.getCount() > 0 ? failed() : completedFuture(null);
        });

        add(queue, "a", "b", "c");

        await().until(() -> delivered.size() >= 5);
        assertThat(delivered.subList(0, 5))
                .containsExactly(
                        List.of("a", "b"), List.of("a", "b"), List.of("a", "b"), List.of("a", "b"), List.of("c"));
        assertThat(pause(0)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        assertThat(pause(1)).isGreaterThanOrEqualTo(Duration.ofMillis(40));
        assertThat(pause(2)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void givesABatchUpAfterTheRetryTimeAndGoesOn() {
        var queue = queue(Map.of("max_retry_time", 1, "initial_retry_delay", 0.03), batch -> {
            accept(batch);
            return delivered.get(delivered.size() - 1).contains("bad") ? failed() : completedFuture(null);
        });

        add(queue, "bad", "good");

        await().until(() -> delivered.contains(List.of("good")));
        assertThat(queue.dropped()).isEqualTo(1);
        assertThat(delivered.stream().filter(List.of("bad")::equals)).hasSizeGreaterThan(1);
    }

    @Test
    void neverTriesAgainWithoutRetryTime() {
        var queue = queue(Map.of("max_retry_time", -1), batch -> {
            accept(batch);
            throw new IllegalStateException("thrown, not returned");
        });

        add(queue, "a", "b");

        await().until(() -> queue.dropped() == 2);
        assertThat(delivered).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void dropsTheOldestBeyondTheMostEntries() {
        var gate = new CompletableFuture<Void>();
        var queue = queue(Map.of("max_entries", 3), batch -> {
            accept(batch);
            return gate;
        });

        add(queue, "first");
        await().until(() -> delivered.size() == 1);
        add(queue, "1", "2", "3", "4", "5");
        gate.complete(null);

        await().until(() -> delivered.size() == 4);
        assertThat(delivered).containsExactly(List.of("first"), List.of("3"), List.of("4"), List.of("5"));
        assertThat(queue.dropped()).isEqualTo(2);
    }

    @Test
    void dropsTheOldestBeyondTheMostBytes() {
        var gate = new CompletableFuture<Void>();
        var queue = queue(Map.of("max_bytes", 10), batch -> {
            accept(batch);
            return gate;
        });

        add(queue, "first");
        await().until(() -> delivered.size() == 1);
        add(queue, "12345", "67890", "abc", "longer than ten");
        gate.complete(null);

        await().until(() -> delivered.size() == 3);
        assertThat(delivered).containsExactly(List.of("first"), List.of("67890"), List.of("abc"));
        assertThat(queue.dropped()).isEqualTo(2);
    }

    @Test
    void deliversOneBatchAtATimeUnlessAskedOtherwise() {
        var gate = new CompletableFuture<Void>();
        var serial = queue(Map.of(), batch -> {
            accept(batch);
            return gate;
        });
        add(serial, "a", "b");
        await().until(() -> delivered.size() == 1);
        assertThat(serial.waiting()).isEqualTo(1);

        var parallel = queue(Map.of("concurrency_limit", -1), batch -> {
            accept(batch);
            return gate;
        });
        add(parallel, "c", "d", "e");

        await().until(() -> delivered.size() == 4);
        assertThat(parallel.waiting()).isZero();
    }

    @Test
    void deliversTheRestWhenClosed() {
        var queue = queue(Map.of("max_batch_size", 100, "max_coalescing_delay", 3600), this::accept);
        add(queue, "a", "b");

        queue.close();

        await().until(() -> !delivered.isEmpty());
        assertThat(delivered).containsExactly(List.of("a", "b"));
    }

    @Test
    void losesAndDoublesNothingUnderManyThreads() throws InterruptedException {
        var queue = queue(
                Map.of("max_batch_size", 50, "max_coalescing_delay", 0.01, "max_entries", 1_000_000), this::accept);
        var threads = IntStream.range(0, 4)
                .mapToObj(t -> new Thread(() -> IntStream.range(0, 5_000).forEach(i -> add(queue, t + "-" + i))))
                .toList();

        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }

        await().until(() -> delivered.stream().mapToInt(List::size).sum() == 20_000);
        assertThat(delivered.stream().flatMap(List::stream)).doesNotHaveDuplicates();
        assertThat(queue.waiting()).isZero();
    }

    private CompletionStage<Void> accept(List<byte[]> batch) {
        times.add(System.nanoTime());
        delivered.add(batch.stream().map(entry -> new String(entry, UTF_8)).toList());
        return completedFuture(null);
    }

    private Duration pause(int attempt) {
        return Duration.ofNanos(times.get(attempt + 1) - times.get(attempt));
    }

    private static CompletionStage<Void> failed() {
        return CompletableFuture.failedFuture(new IOException("no"));
    }

    private static void add(DeliveryQueue queue, String... entries) {
        for (String entry : entries) {
            queue.add(entry.getBytes(UTF_8));
        }
    }

    @SuppressWarnings("unchecked")
    private DeliveryQueue queue(Map<String, Object> settings, DeliveryQueue.Delivery delivery) {
        var checked = Schema.of(QueueSettings.field()).check(Map.of("queue", new HashMap<>(settings)));
        assertThat(checked.error()).isNull();
        var queue = new Settings((Map<String, Object>) checked.value()).record("queue");
        return new DeliveryQueue("test", QueueSettings.of(queue), background, delivery);
    }
}
