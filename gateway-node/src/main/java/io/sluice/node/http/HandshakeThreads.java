package io.sluice.node.http;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where handshakes compute: a signature takes up to milliseconds, during which an event loop could not serve anybody. A few
 * threads that come with work and go without; what waits is bounded by the number of connections, each of which has one task
 * at most. Thread-safe.
 */
public final class HandshakeThreads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeThreads.class);
    private static final long IDLE_SECONDS = 60;

    private final ThreadPoolExecutor threads;

    /** With as many threads at most as there are event loops. */
    public HandshakeThreads(int most) {
        threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "sluice-handshake");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs a channel's tasks and then the action, both on one of these threads; whatever the tasks throw shows up later. */
    public void run(TlsChannel channel, Runnable done) {
        try {
            threads.execute(() -> {
                try {
                    channel.runTasks();
                } catch (RuntimeException e) {
                    LOG.atDebug().setCause(e).log("a handshake's task failed");
                } finally {
                    done.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.atDebug().setCause(e).log("a handshake came after the end");
        }
    }

    /** Takes no more; what runs comes to its end. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
