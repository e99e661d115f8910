package io.sluice.node.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The event loops of one node. Create it first, give {@link #dispatchers()} to the actor system's configuration, then run
 * streams on {@link #dispatcher(int)}. Thread-safe.
 */
public final class EventLoopGroup implements AutoCloseable {

    private static final Map<String, EventLoopGroup> GROUPS = new ConcurrentHashMap<>();
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String name;
    private final HandshakeThreads handshakes;
    private final List<EventLoop> loops;

    private EventLoopGroup(String name, int size) {
        this.name = name;
        this.handshakes = new HandshakeThreads(size);
        this.loops = IntStream.range(0, size)
                .mapToObj(i -> new EventLoop(i, name, handshakes))
                .toList();
    }

    /** Starts that many loops, at least 1. */
    public static EventLoopGroup start(int size) {
        EventLoopGroup group = new EventLoopGroup("sluice-loop-" + NAMES.incrementAndGet(), Math.max(1, size));
        GROUPS.put(group.name, group);
        group.loops.forEach(EventLoop::start);
        return group;
    }

    static EventLoop find(String group, int index) {
        EventLoopGroup found = GROUPS.get(group);
        if (found == null) {
            throw new IllegalArgumentException("event loop group '" + group + "' does not exist");
        }
        return found.loops.get(index);
    }

    /** Pekko configuration with one dispatcher per loop, to lay over the actor system's. */
    public Config dispatchers() {
        StringBuilder text = new StringBuilder();
        for (EventLoop loop : loops) {
            text.append(dispatcher(loop.index()))
                    .append(" { type = Dispatcher, executor = \"")
                    .append(EventLoopConfigurator.class.getName())
                    .append("\", throughput = 64, shutdown-timeout = 1s, loop-group = \"")
                    .append(name)
                    .append("\", loop-index = ")
                    .append(loop.index())
                    .append(" }\n");
        }
        return ConfigFactory.parseString(text.toString());
    }

    /** The name of a loop's dispatcher. */
    public String dispatcher(int index) {
        return "sluice.event-loop-" + index;
    }

    public List<EventLoop> loops() {
        return loops;
    }

    /** The loop with the fewest open client connections. */
    public EventLoop leastLoaded() {
        EventLoop least = loops.get(0);
        for (EventLoop loop : loops) {
            if (loop.connections() < least.connections()) {
                least = loop;
            }
        }
        return least;
    }

    /** Counts from zero, but for the connections that are open. */
    public void restartCounters() {
        loops.forEach(loop -> loop.execute(() -> loop.counters().restart()));
    }

    /** Client connections of all loops. */
    public int connections() {
        int sum = 0;
        for (EventLoop loop : loops) {
            sum += loop.connections();
        }
        return sum;
    }

    /** Ends the threads; call it after the actor system has ended. */
    @Override
    public void close() {
        GROUPS.remove(name);
        handshakes.close();
        loops.forEach(EventLoop::stop);
        try {
            for (EventLoop loop : loops) {
                loop.join(2000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
