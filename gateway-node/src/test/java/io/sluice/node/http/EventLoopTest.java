package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventLoopTest {

    private static final long LONG_ROUND = TimeUnit.MILLISECONDS.toNanos(300);

    private final EventLoopGroup group = EventLoopGroup.start(1);
    private final EventLoop loop = group.loops().get(0);

    @AfterEach
    void stop() {
        group.close();
        assertThat(loop.isTerminated()).isTrue();
    }

    private void settle() {
        CompletableFuture.runAsync(() -> {}, loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void runsEveryTaskOfEveryThreadInItsOrder() throws Exception {
        int threads = 4;
        int tasks = 20_000;
        int[] last = new int[threads];
        AtomicInteger disorder = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(threads * tasks);
        for (int t = 0; t < threads; t++) {
            int thread = t;
            new Thread(() -> {
                        for (int i = 1; i <= tasks; i++) {
                            int number = i;
                            loop.execute(() -> {
                                if (last[thread] != number - 1 || !loop.inLoop()) {
                                    disorder.incrementAndGet();
                                }
                                last[thread] = number;
                                done.countDown();
                            });
                        }
                    })
                    .start();
        }

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(disorder).hasValue(0);
    }

    @Test
    void runsTasksThatTasksAddAfterThoseBefore() {
        List<Integer> order = new ArrayList<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            loop.execute(() -> {
                order.add(2);
                loop.execute(() -> done.complete(null));
            });
            order.add(1);
        });
        done.orTimeout(10, TimeUnit.SECONDS).join();

        assertThat(order).containsExactly(1, 2);
    }

    @Test
    void knowsItself() {
        CompletableFuture<EventLoop> current = new CompletableFuture<>();
        loop.execute(() -> current.complete(EventLoop.current()));

        assertThat(current.orTimeout(10, TimeUnit.SECONDS).join()).isSameAs(loop);
        assertThat(loop.inLoop()).isFalse();
    }

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("test"),
                new AssertionError("test"),
                new StackOverflowError("test"),
                new OutOfMemoryError("test"),
                new NoClassDefFoundError("test"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void outlivesATaskThatFails(Throwable failure) {
        loop.execute(() -> sneaky(failure));

        settle();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void outlivesATimerThatFails(Throwable failure) {
        loop.execute(() -> loop.timers().set(new TimerWheel.Deadline(() -> sneaky(failure)), loop.now(), 1));
        CompletableFuture<Void> later = new CompletableFuture<>();
        loop.execute(() -> loop.timers().set(new TimerWheel.Deadline(() -> later.complete(null)), loop.now(), 50));

        later.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void outlivesAHandlerThatFails(Throwable failure) throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        AtomicInteger calls = new AtomicInteger();
        loop.execute(() -> register(pipe, operations -> {
            drain(pipe);
            calls.incrementAndGet();
            sneaky(failure);
        }));

        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        await().untilAsserted(() -> assertThat(calls).hasValue(1));
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        await().untilAsserted(() -> assertThat(calls).hasValue(2));
        settle();

        pipe.sink().close();
        pipe.source().close();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneaky(Throwable failure) throws T {
        throw (T) failure;
    }

    private void register(Pipe pipe, EventLoop.ReadyHandler handler) {
        try {
            loop.register(pipe.source(), SelectionKey.OP_READ, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(Pipe pipe) {
        try {
            pipe.source().read(ByteBuffer.allocate(16));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 35, 120})
    void firesATimerNotBeforeItsTime(long millis) {
        CompletableFuture<Long> fired = new CompletableFuture<>();
        long start = System.nanoTime();
        loop.execute(() -> loop.timers()
                .set(new TimerWheel.Deadline(() -> fired.complete(System.nanoTime())), loop.now(), millis));

        long elapsed = fired.orTimeout(10, TimeUnit.SECONDS).join() - start;

        assertThat(TimeUnit.NANOSECONDS.toMillis(elapsed)).isBetween(millis, millis + 5000);
    }

    @Test
    void remembersItsLongestRound() {
        loop.execute(() -> {
            long start = System.nanoTime();
            while (System.nanoTime() - start < LONG_ROUND) {
                Thread.onSpinWait();
            }
        });
        await().untilAsserted(
                        () -> assertThat(loop.counters().longestRoundNanos()).isGreaterThanOrEqualTo(LONG_ROUND));
        long longest = loop.counters().longestRoundNanos();
        settle();
        settle();

        assertThat(loop.counters().longestRoundNanos()).isGreaterThanOrEqualTo(longest);
    }

    @Test
    void ignoresItsDispatchersShutdown() {
        loop.shutdown();
        assertThat(loop.shutdownNow()).isEmpty();

        settle();
        assertThat(loop.isShutdown()).isFalse();
    }
}
