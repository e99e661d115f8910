package io.sluice.node.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for sockets and at the same time executes a Pekko dispatcher: a stream run on that dispatcher lives on
 * the thread that reads and writes its sockets, so nothing between two sockets needs a lock or a hand-over.
 *
 * <p>Each round runs the queued tasks (bounded), fires timers, then asks the selector: without waiting if tasks are left, else
 * until a socket is ready, a timer is due or another thread queues a task. Only a task from another thread to a waiting loop
 * costs a wake-up. The buffers belong to the loop: their content is valid until the handler that got it returns.
 *
 * <p>Whatever a task, a timer or a handler throws, errors of the machine included, is logged and the loop goes on: without its
 * thread all its connections would hang unseen.
 */
public final class EventLoop extends AbstractExecutorService {

    /** Told on the loop's thread that its channel is ready. */
    public interface ReadyHandler {
        void ready(int operations);
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int TASKS_PER_ROUND = 256;
    private static final int BUFFER_BYTES = 128 * 1024;

    private final int index;
    private final HandshakeThreads handshakes;
    private final Selector selector;
    private final ArrayDeque<Runnable> local = new ArrayDeque<>();
    private final Queue<Runnable> remote = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final Thread thread;
    private final TimerWheel timers;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final OutBuffer clientOut = new OutBuffer(2 * BUFFER_BYTES);
    private final OutBuffer upstreamOut = new OutBuffer(2 * BUFFER_BYTES);
    private final AtomicInteger connections = new AtomicInteger();
    private @Nullable Runnable whenUnconnected;
    private final byte[] scratch = new byte[BUFFER_BYTES];
    private final ByteWriter writer = new ByteWriter(16 * 1024);
    private final HeadBuffers headBuffers = new HeadBuffers();
    private final LoopCounters counters = new LoopCounters();
    private @Nullable TlsBuffers tls;
    private volatile boolean stopping;
    private long nanoTime;
    private long roundStart;

    EventLoop(int index, String name, HandshakeThreads handshakes) {
        this.index = index;
        this.handshakes = handshakes;
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.nanoTime = System.nanoTime();
        this.timers = new TimerWheel(nanoTime);
        this.thread = new LoopThread(this, name + "-" + index);
    }

    void start() {
        thread.start();
    }

    /** The loop whose thread this is; a bug if called elsewhere. */
    public static EventLoop current() {
        if (Thread.currentThread() instanceof LoopThread own) {
            return own.loop;
        }
        throw new IllegalStateException("not on an event loop");
    }

    /** Its number within its group, from 0. */
    public int index() {
        return index;
    }

    /** Whether the caller runs on this loop. */
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        if (inLoop()) {
            local.add(task);
            return;
        }
        remote.add(task);
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Watches a non-blocking channel; on the loop's thread only. */
    public SelectionKey register(SelectableChannel channel, int operations, ReadyHandler handler) throws IOException {
        return channel.register(selector, operations, handler);
    }

    /** The loop's timers; on the loop's thread only. */
    public TimerWheel timers() {
        return timers;
    }

    /** {@link System#nanoTime} as of this round: cheap, up to a round old. */
    public long now() {
        return nanoTime;
    }

    /** Where sockets are read into: direct, valid until the current handler returns. */
    public ByteBuffer readBuffer() {
        return readBuffer;
    }

    /** Where bytes for a client are gathered; empty at the start of a handler, valid until it returns. */
    public OutBuffer clientOut() {
        return clientOut;
    }

    /** Where bytes for an upstream are gathered; empty at the start of a handler, valid until it returns. */
    public OutBuffer upstreamOut() {
        return upstreamOut;
    }

    /** Where handshakes compute, shared by the group's loops. */
    public HandshakeThreads handshakes() {
        return handshakes;
    }

    /** What TLS connections of this loop share; made when first asked for, on the loop's thread. */
    public TlsBuffers tls() {
        TlsBuffers made = tls;
        if (made == null) {
            made = new TlsBuffers(BUFFER_BYTES);
            tls = made;
        }
        return made;
    }

    /** A client connection was dealt to this loop; any thread. */
    void assigned() {
        connections.incrementAndGet();
    }

    /** A client connection of this loop has ended; on the loop's thread. */
    void released() {
        int left = connections.decrementAndGet();
        Runnable waiting = whenUnconnected;
        if (left == 0 && waiting != null) {
            waiting.run();
        }
    }

    /**
     * Runs the action when no client connection is left, their sockets included; again whenever that is so. On the loop's
     * thread only.
     */
    public void whenUnconnected(Runnable action) {
        whenUnconnected = action;
        if (connections.get() == 0) {
            action.run();
        }
    }

    /** Client connections dealt to this loop and not ended. */
    int connections() {
        return connections.get();
    }

    /** Heap bytes to parse in, as large as the read buffer; valid until the current handler returns. */
    public byte[] scratch() {
        return scratch;
    }

    /** An empty writer on heap bytes, valid until the next call or the current handler's return. */
    public ByteWriter writer() {
        writer.clear();
        return writer;
    }

    /** Byte arrays for message heads, kept between requests. */
    public HeadBuffers headBuffers() {
        return headBuffers;
    }

    /** What happened on this loop so far; written by the loop, read by anyone. */
    public LoopCounters counters() {
        return counters;
    }

    private void run() {
        while (!stopping) {
            try {
                round();
            } catch (IOException | RuntimeException | Error e) {
                LOG.error("event loop round failed", e);
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("selector did not close", e);
        }
    }

    private void round() throws IOException {
        tick();
        runTasks();
        timers.advance(nanoTime);
        if (!local.isEmpty() || !remote.isEmpty()) {
            selector.selectNow(this::dispatch);
            return;
        }
        sleeping.set(true);
        try {
            if (remote.isEmpty() && !stopping) {
                long busy = System.nanoTime() - roundStart;
                counters.busy(busy);
                selector.select(this::dispatch, timers.millisUntilNext(nanoTime));
            } else {
                selector.selectNow(this::dispatch);
            }
        } finally {
            sleeping.set(false);
        }
    }

    private void tick() {
        nanoTime = System.nanoTime();
        roundStart = nanoTime;
    }

    private void runTasks() {
        for (int n = 0; n < TASKS_PER_ROUND; n++) {
            Runnable task = local.poll();
            if (task == null) {
                task = remote.poll();
            }
            if (task == null) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("event loop task failed", e);
            }
        }
    }

    private void dispatch(SelectionKey key) {
        if (sleeping.get()) {
            sleeping.set(false);
            tick();
        }
        try {
            ((ReadyHandler) key.attachment()).ready(key.readyOps());
        } catch (CancelledKeyException e) {
            LOG.trace("key cancelled while being handled", e);
        } catch (RuntimeException | Error e) {
            LOG.error("event loop handler failed", e);
        }
    }

    /** Ends the thread after the current round; open channels are the caller's business. */
    void stop() {
        stopping = true;
        selector.wakeup();
    }

    void join(long millis) throws InterruptedException {
        thread.join(millis);
    }

    /** Does nothing: Pekko shuts a dispatcher's executor down when its last actor ends, but the loop outlives its streams. */
    @Override
    public void shutdown() {}

    /** Does nothing, see {@link #shutdown}. */
    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return stopping;
    }

    @Override
    public boolean isTerminated() {
        return stopping && !thread.isAlive();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    private static final class LoopThread extends Thread {
        private final EventLoop loop;

        LoopThread(EventLoop loop, String name) {
            super(null, loop::run, name, 0, false);
            this.loop = loop;
            setDaemon(true);
        }
    }
}
