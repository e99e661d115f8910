package io.sluice.state.limit.crdt;

import io.sluice.state.limit.ClusterLimiters;
import io.sluice.state.limit.PoolMessage;
import io.sluice.state.limit.Roster;
import io.sluice.state.limit.TransferRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of one lane: runs what it is given in turn, ticks while requests wait, and collects what is to be sent.
 *
 * <p>Design note. Why a thread of its own and not an actor of the cluster's system: that system ends whenever this node is removed
 * from the cluster, while requests that wait for an answer must be decided all the same; and Pekko's timers are 10 ms coarse, longer
 * than a request may wait. Cost: no lock and no allocation but the queue's node for who gives it work, no wake-up while nothing waits.
 *
 * <p>Messages to a peer go out at once if nothing was sent to it within the last millisecond, else when that is over or 64 are
 * there: a single question pays no delay, a thousand of them share envelopes.
 */
final class LaneLoop implements ClusterLimiters.Link, Runnable, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LaneLoop.class);

    private static final int MOST_PER_BATCH = 64;
    private static final int TASKS_PER_ROUND = 256;
    /** While a node hands over: many at once are replicated with less effort than few. */
    private static final int ROWS_AT_ONCE = 20_000;

    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLEAN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSE_MILLIS = TimeUnit.SECONDS.toMillis(5);

    /** Where messages and rows go. Called by the lane's thread; must not block. */
    interface Outlet {

        void send(long member, Batch batch);

        void replicate(List<TransferRow> rows);

        /** A second has passed. */
        void second();
    }

    private static final class Outbox {
        private final List<PoolMessage> messages = new ArrayList<>();
        private long sentAt;
    }

    private final Outlet outlet;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<Long, Outbox> outboxes = new HashMap<>();
    private final List<TransferRow> changed = new ArrayList<>();
    private final List<Runnable> passedOn = new ArrayList<>();
    private ClusterLimiters.@Nullable Lane lane;
    private long lastTick = System.nanoTime();
    private long lastSecond = System.nanoTime();
    private long lastBug = System.nanoTime() - SECOND_NANOS;
    private long lastClean = System.nanoTime();
    private volatile boolean asleep;
    private volatile boolean closed;

    LaneLoop(int index, Outlet outlet) {
        this.outlet = outlet;
        this.thread = new Thread(this, "sluice-limits-" + index);
        this.thread.setDaemon(true);
    }

    /** Begins to run; the lane is made with this link, so it comes later. */
    void start(ClusterLimiters.Lane made) {
        lane = made;
        thread.start();
    }

    @Override
    public void run(Runnable task) {
        tasks.add(task);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void send(long member, PoolMessage message) {
        Outbox outbox = outboxes.computeIfAbsent(member, peer -> new Outbox());
        outbox.messages.add(message);
        if (outbox.messages.size() >= MOST_PER_BATCH) {
            flush(member, outbox, System.nanoTime());
        }
    }

    @Override
    public void changed(TransferRow row) {
        changed.add(row);
    }

    /** When all of them have done what they were given before. Any thread. */
    static CompletionStage<Done> caughtUp(List<LaneLoop> loops) {
        List<CompletableFuture<Done>> all = new ArrayList<>();
        for (LaneLoop loop : loops) {
            CompletableFuture<Done> one = new CompletableFuture<>();
            loop.run(() -> one.complete(Done.getInstance()));
            all.add(one);
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).thenApply(none -> Done.getInstance());
    }

    /** The membership has changed; on the lane's thread. */
    void roster(Roster roster) {
        ClusterLimiters.Lane mine = lane;
        if (mine != null) {
            mine.roster(roster);
        }
        outboxes.keySet().removeIf(peer -> !roster.contains(peer));
    }

    /** Runs a task after what this turn of the lane has to say has been passed on; on the lane's thread. */
    void whenPassedOn(Runnable task) {
        passedOn.add(task);
    }

    /** Ends the thread after what has been given to it, which may take a moment: see {@link #awaitEnd}. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /** Waits until a thread that has been closed has ended, and so has told all its rows; some seconds at most. */
    void awaitEnd() {
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            log.warn("a lane of limits does not end: the last of what it has spent may be missing on disk");
        }
    }

    @Override
    public void run() {
        ClusterLimiters.Lane mine = lane;
        while (mine != null && !(closed && tasks.isEmpty())) {
            try {
                round(mine);
            } catch (RuntimeException e) {
                tellOfBug(e);
            }
        }
        replicate();
    }

    private void replicate() {
        if (!changed.isEmpty()) {
            outlet.replicate(List.copyOf(changed));
            changed.clear();
        }
    }

    /** Once a second at most: a tick that fails will fail again a millisecond later. */
    private void tellOfBug(RuntimeException bug) {
        long now = System.nanoTime();
        if (now - lastBug >= SECOND_NANOS) {
            lastBug = now;
            log.atError().setCause(bug).log("a bug in the token pool: what was asked last is lost");
        }
    }

    private void round(ClusterLimiters.Lane mine) {
        Runnable task;
        for (int i = 0; i < TASKS_PER_ROUND && (task = tasks.poll()) != null; i++) {
            task.run();
        }
        boolean more = mine.goOn();
        long now = System.nanoTime();
        boolean busy = mine.busy();
        if (busy && now - lastTick >= TICK_NANOS) {
            lastTick = now;
            mine.tick();
        }
        if (now - lastSecond >= SECOND_NANOS) {
            lastSecond = now;
            mine.report();
            mine.settle();
            outlet.second();
        }
        if (now - lastClean >= CLEAN_NANOS) {
            lastClean = now;
            mine.clean();
        }
        if (!more || !passedOn.isEmpty() || changed.size() >= ROWS_AT_ONCE) {
            replicate();
        }
        long waits = flushDue(now);
        if (!passedOn.isEmpty()) {
            passedOn.forEach(Runnable::run);
            passedOn.clear();
        }
        if (!more) {
            sleep(busy ? Math.min(waits, TICK_NANOS) : waits);
        }
    }

    /** Sends what may go; in how many nanoseconds the next may. */
    private long flushDue(long now) {
        long next = SECOND_NANOS;
        for (Map.Entry<Long, Outbox> each : outboxes.entrySet()) {
            Outbox outbox = each.getValue();
            if (!outbox.messages.isEmpty()) {
                long left = outbox.sentAt + BATCH_NANOS - now;
                if (left <= 0 || closed) {
                    flush(each.getKey(), outbox, now);
                } else {
                    next = Math.min(next, left);
                }
            }
        }
        return next;
    }

    private void flush(long member, Outbox outbox, long now) {
        outlet.send(member, new Batch(0, outbox.messages));
        outbox.messages.clear();
        outbox.sentAt = now;
    }

    private void sleep(long nanos) {
        asleep = true;
        if (tasks.isEmpty() && !closed) {
            LockSupport.parkNanos(this, nanos);
        }
        asleep = false;
    }
}
