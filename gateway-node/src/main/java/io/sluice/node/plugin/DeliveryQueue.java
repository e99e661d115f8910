package io.sluice.node.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kong's queue in front of whatever takes log records: gathers entries into batches, delivers them off the event loops, tries
 * again with doubling delays, and drops the oldest entries rather than grow without bound. Thread-safe.
 *
 * <p>Design: the queue is idle, gathering (until the batch is full or the delay is over) or, if batches go one at a time,
 * delivering. Whoever moves the state schedules the next step; nobody waits.
 */
public final class DeliveryQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryQueue.class);

    /** Delivers a batch. */
    @FunctionalInterface
    public interface Delivery {

        /**
         * Called on the background executor; a stage that fails means that the same batch is tried again later.
         *
         * @param batch at least one entry, oldest first
         */
        CompletionStage<Void> deliver(List<byte[]> batch);
    }

    private enum State {
        IDLE,
        GATHERING,
        DELIVERING
    }

    private final String name;
    private final QueueSettings settings;
    private final ScheduledExecutorService background;
    private final Delivery delivery;

    private final ConcurrentLinkedQueue<byte[]> entries = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final AtomicLong round = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean full = new AtomicBoolean();
    private volatile boolean closed;

    /** A queue; the name says in the log whose it is. */
    public DeliveryQueue(String name, QueueSettings settings, ScheduledExecutorService background, Delivery delivery) {
        this.name = name;
        this.settings = settings;
        this.background = background;
        this.delivery = delivery;
    }

    /** Adds an entry; does not block. The array must not be changed afterwards. */
    public void add(byte[] entry) {
        if (entry.length > settings.maxBytes()) {
            drop(1);
            return;
        }
        entries.add(entry);
        waitingBytes.addAndGet(entry.length);
        if (waiting.incrementAndGet() > settings.maxEntries() || waitingBytes.get() > settings.maxBytes()) {
            dropOldest();
        }
        gather();
    }

    /** Entries that were given up: too many were waiting, or they could not be delivered in time. */
    public long dropped() {
        return dropped.get();
    }

    /** Entries that wait for their delivery. */
    public int waiting() {
        return waiting.get();
    }

    /** Delivers what is left without gathering any longer, in the background. */
    @Override
    public void close() {
        closed = true;
        if (!entries.isEmpty()) {
            gather();
            deliverNow();
        }
    }

    private void gather() {
        boolean first = state.get() == State.IDLE && state.compareAndSet(State.IDLE, State.GATHERING);
        if (closed || waiting.get() >= settings.maxBatchSize()) {
            deliverNow();
        } else if (first) {
            long own = round.get();
            later(() -> endRound(own), settings.maxCoalescingDelay());
        }
    }

    /** The delay is over; unless the batch was full before and this is another round. */
    private void endRound(long own) {
        if (round.get() == own) {
            deliverNow();
        }
    }

    private void deliverNow() {
        if (state.get() == State.GATHERING && state.compareAndSet(State.GATHERING, State.DELIVERING)) {
            round.incrementAndGet();
            later(this::deliverBatch, Duration.ZERO);
        }
    }

    private void deliverBatch() {
        List<byte[]> batch = new ArrayList<>(Math.min(settings.maxBatchSize(), 64));
        while (batch.size() < settings.maxBatchSize()) {
            byte[] entry = poll();
            if (entry == null) {
                break;
            }
            batch.add(entry);
        }
        if (!settings.oneAtATime()) {
            next();
        }
        if (!batch.isEmpty()) {
            new Attempt(batch).run();
        } else if (settings.oneAtATime()) {
            next();
        }
    }

    /** Ready for another batch; entries may have come meanwhile. */
    private void next() {
        state.set(State.IDLE);
        if (!entries.isEmpty()) {
            gather();
        }
    }

    private byte @Nullable [] poll() {
        byte[] entry = entries.poll();
        if (entry != null) {
            waiting.decrementAndGet();
            waitingBytes.addAndGet(-entry.length);
        }
        return entry;
    }

    private void dropOldest() {
        int count = 0;
        while (waiting.get() > settings.maxEntries() || waitingBytes.get() > settings.maxBytes()) {
            if (poll() == null) {
                break;
            }
            count++;
        }
        drop(count);
        if (full.compareAndSet(false, true)) {
            LOG.atError().addKeyValue("queue", name).log("queue full, dropping oldest entries");
        }
    }

    /** Far enough from full to say so: near it, each delivery would make a line. */
    private boolean halfEmpty() {
        return waiting.get() <= settings.maxEntries() / 2 && waitingBytes.get() <= settings.maxBytes() / 2;
    }

    private void drop(int count) {
        dropped.addAndGet(count);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the steps do not throw
    private void later(Runnable step, Duration delay) {
        try {
            if (delay.isZero()) {
                background.execute(step);
            } else {
                background.schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException e) {
            drop(waiting.get()); // the node is stopping
        }
    }

    /** One batch on its way, as often as it takes. */
    private final class Attempt implements Runnable {

        private final List<byte[]> batch;
        private final long since = System.nanoTime();
        private Duration delay = settings.initialRetryDelay();

        Attempt(List<byte[]> batch) {
            this.batch = batch;
        }

        @Override
        public void run() {
            CompletionStage<Void> outcome;
            try {
                outcome = delivery.deliver(batch);
            } catch (RuntimeException e) {
                outcome = CompletableFuture.failedFuture(e);
            }
            outcome.whenComplete((done, failure) -> {
                if (failure == null) {
                    delivered();
                } else {
                    failed(failure);
                }
            });
        }

        private void delivered() {
            if (full.get() && halfEmpty() && full.compareAndSet(true, false)) {
                LOG.atInfo()
                        .addKeyValue("queue", name)
                        .addKeyValue("dropped", dropped.get())
                        .log("queue delivers again");
            }
            done();
        }

        private void failed(Throwable failure) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - since);
            if (elapsed.plus(delay).compareTo(settings.maxRetryTime()) > 0) {
                LOG.atError()
                        .addKeyValue("queue", name)
                        .addKeyValue("entries", batch.size())
                        .addKeyValue("reason", failure)
                        .log("cannot deliver entries, giving them up");
                drop(batch.size());
                done();
                return;
            }
            LOG.atDebug()
                    .addKeyValue("queue", name)
                    .addKeyValue("reason", failure)
                    .log("cannot deliver entries yet");
            Duration wait = delay;
            Duration doubled = delay.multipliedBy(2);
            delay = doubled.compareTo(settings.maxRetryDelay()) > 0 ? settings.maxRetryDelay() : doubled;
            later(this, wait);
        }

        private void done() {
            if (settings.oneAtATime()) {
                next();
            }
        }
    }
}
