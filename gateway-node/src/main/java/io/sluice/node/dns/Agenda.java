package io.sluice.node.dns;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** What a resolver has to do, one thing after the other, and its clock. Thread-safe. */
public interface Agenda extends AutoCloseable {

    /** Runs a task soon; after {@link #close} it is dropped. */
    void add(Runnable task);

    /** Runs a task after a delay; after {@link #close} it is dropped. */
    void add(Duration delay, Runnable task);

    /** As {@link System#nanoTime}. */
    long now();

    @Override
    void close();

    /** A thread of its own that does not keep the JVM alive. */
    static Agenda thread() {
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "sluice-dns");
            made.setDaemon(true);
            return made;
        });
        thread.setRejectedExecutionHandler((task, executor) -> {}); // only after its end
        return new Agenda() {
            @Override
            public void add(Runnable task) {
                thread.execute(() -> run(task));
            }

            @Override
            public void add(Duration delay, Runnable task) {
                ScheduledFuture<?> unused = thread.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            }

            private void run(Runnable task) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LoggerFactory.getLogger(Agenda.class).atError().setCause(e).log("a resolver's task failed");
                }
            }

            @Override
            public long now() {
                return System.nanoTime();
            }

            @Override
            public void close() {
                thread.shutdownNow();
            }
        };
    }
}
