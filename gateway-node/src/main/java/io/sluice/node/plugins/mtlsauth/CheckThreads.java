package io.sluice.node.plugins.mtlsauth;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Where certificates are verified: a few threads that go when there is nothing to do. Thread-safe. */
final class CheckThreads implements Executor, AutoCloseable {

    private static final int MOST_WAITING = 10_000;
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    /** @param most threads at a time */
    CheckThreads(String name, int most) {
        threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** @throws RejectedExecutionException if too much waits already */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Takes no more; what waits is still done. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
