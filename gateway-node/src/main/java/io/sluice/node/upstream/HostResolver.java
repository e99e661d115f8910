package io.sluice.node.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Host names to addresses, cached, looked up off the event loops by the system's resolver (hosts file and search domains
 * apply). An answer is fresh for ten seconds; after that it is still used while a new one is fetched, for an hour at most if
 * the resolver fails. A failure is remembered for a second; a look-up
 * that takes longer than five seconds has failed for those who wait, but its answer is still taken. Thread-safe.
 */
public final class HostResolver {

    private static final Logger LOG = LoggerFactory.getLogger(HostResolver.class);
    private static final long FRESH_NANOS = 10_000_000_000L;
    private static final long STALE_NANOS = 3_600_000_000_000L;
    private static final long FAILED_NANOS = 1_000_000_000L;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_THREADS = 8;
    private static final int MOST_NAMES = 100_000;

    /** How a name is looked up; blocks. */
    public interface Lookup {
        List<InetAddress> addresses(String name) throws UnknownHostException;
    }

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Lookup lookup;
    private final Executor executor;
    private final LongSupplier nanoClock;
    private final Duration patience;

    /**
     * @param executor where look-ups may block
     * @param nanoClock as {@link System#nanoTime}
     */
    public HostResolver(Lookup lookup, Executor executor, LongSupplier nanoClock) {
        this(lookup, executor, nanoClock, PATIENCE);
    }

    HostResolver(Lookup lookup, Executor executor, LongSupplier nanoClock, Duration patience) {
        this.patience = patience;
        this.lookup = lookup;
        this.executor = executor;
        this.nanoClock = nanoClock;
    }

    /** The system's resolver. */
    public static HostResolver system(Executor executor) {
        return new HostResolver(name -> List.of(InetAddress.getAllByName(name)), executor, System::nanoTime);
    }

    /** Threads for look-ups alone, made when needed; a look-up may block for long. */
    public static ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_THREADS, MOST_THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "sluice-resolver");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** What is known of a name; never null. Starts a look-up if that is needed. */
    Entry entry(String name) {
        long now = nanoClock.getAsLong();
        Entry entry = entries.get(name);
        if (entry == null) {
            if (entries.size() >= MOST_NAMES) {
                entries.clear(); // names come from the configuration; a bound all the same
            }
            entry = entries.computeIfAbsent(name, key -> new Entry());
        }
        if (entry.needed(now)) {
            refresh(name, entry);
        }
        return entry;
    }

    private void refresh(String name, Entry entry) {
        CompletableFuture<Void> done = entry.begin(patience, nanoClock);
        if (done == null) {
            return;
        }
        executor.execute(() -> {
            try {
                List<InetAddress> found = lookup.addresses(name);
                entry.found(found, nanoClock.getAsLong());
            } catch (UnknownHostException | RuntimeException e) {
                if (entry.failed(nanoClock.getAsLong())) {
                    LOG.atWarn().addKeyValue("name", name).log("host name does not resolve");
                }
            } finally {
                entry.end(done);
            }
        });
    }

    /** The state of one name. */
    static final class Entry {
        private volatile List<InetAddress> addresses = List.of();
        private volatile long foundAt;
        private volatile long failedAt;
        private volatile boolean found;
        private volatile boolean failed;
        private boolean busy;
        private volatile CompletableFuture<Void> running = CompletableFuture.completedFuture(null);

        /** Addresses that may be used; empty if there are none (yet). */
        List<InetAddress> addresses() {
            return addresses;
        }

        /** Completes when the look-up that is running has ended or takes too long. */
        CompletableFuture<Void> running() {
            return running;
        }

        private boolean needed(long now) {
            if (failed && now - failedAt < FAILED_NANOS) {
                return false;
            }
            return !found || now - foundAt > FRESH_NANOS;
        }

        private synchronized @Nullable CompletableFuture<Void> begin(Duration patience, LongSupplier nanoClock) {
            if (busy) {
                return null;
            }
            busy = true;
            CompletableFuture<Void> done = new CompletableFuture<>();
            running = done.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
                failed(nanoClock.getAsLong());
                return null;
            });
            return done;
        }

        private void end(CompletableFuture<Void> done) {
            synchronized (this) {
                busy = false;
            }
            done.complete(null);
        }

        private synchronized void found(List<InetAddress> current, long now) {
            if (!current.equals(addresses)) {
                addresses = List.copyOf(current);
            }
            foundAt = now;
            found = true;
            failed = false;
        }

        /** Gives whether this is news. */
        private synchronized boolean failed(long now) {
            boolean news = !failed;
            failedAt = now;
            failed = true;
            if (found && now - foundAt > STALE_NANOS) {
                addresses = List.of();
            }
            return news;
        }
    }
}
