package io.sluice.k8s.watch;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows everything in a cluster that configuration is made of, and hands all of it over: once when all kinds are known, then
 * after every change, bursts of changes together. A change of something that is not read is none.
 *
 * <p>Nothing stops it but {@link #close()}: where the server is away, it goes on trying and what was handed over stays what is
 * known. It works on threads of its own; objects are handed over on one of them, one call at a time. Thread-safe.
 */
public final class ObjectWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectWatch.class);

    private static final String ENDPOINTS = "EndpointSlice";
    private static final String OLDER_ENDPOINTS = "Endpoints";

    /** Lists that run at once; each waits for the network most of the time. */
    private static final int REQUESTS_AT_ONCE = 4;

    private final KubernetesClient client;
    private final WatchSettings settings;
    private final Listener listener;
    private final WatchLog log = new WatchLog(System::nanoTime);
    private final ScheduledExecutorService requests =
            Executors.newScheduledThreadPool(REQUESTS_AT_ONCE, named("sluice-kubernetes-watch"));
    private final ScheduledExecutorService delivery =
            Executors.newSingleThreadScheduledExecutor(named("sluice-kubernetes-objects"));
    private final List<KindWatch> watches = new ArrayList<>();
    /** Those of kinds whose status is written; no others are added to them. */
    private volatile List<KindWatch> writable = List.of();
    /** The older form of endpoints, by the watch of the newer one that it stands in for. */
    private final Map<KindWatch, KindWatch> older = new HashMap<>();

    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final HoldOff holdOff;
    private volatile boolean complete;
    private boolean prepared;
    private boolean planned;
    private boolean closed;

    /** Who is given the objects, on one thread. */
    public interface Listener {
        /**
         * All objects there are, ours or not; must not change the collection. What it throws is logged, and the next change is handed
         * over as ever.
         */
        void objects(Collection<Decoded> all);

        /**
         * Many objects are on their way, and until all of them are known there is time to prepare for them. Called once at most, before
         * the others.
         *
         * @param over whether it is time to return, which the objects wait for
         */
        default void prepare(BooleanSupplier over) {}
    }

    private ObjectWatch(KubernetesClient client, WatchSettings settings, Listener listener) {
        this.client = client;
        this.settings = settings;
        this.listener = listener;
        this.holdOff = new HoldOff(settings.holdOff(), settings.longestHoldOff());
    }

    /**
     * Begins to follow all of {@link WatchedKinds}.
     *
     * @param client stays open when the watch is closed
     */
    public static ObjectWatch start(KubernetesClient client, WatchSettings settings, Listener listener) {
        ObjectWatch watch = new ObjectWatch(client, settings, listener);
        watch.begin();
        return watch;
    }

    private synchronized void begin() {
        for (WatchedKind kind : WatchedKinds.all()) {
            if (!kind.kind().equals(OLDER_ENDPOINTS)) {
                namespaces(kind).forEach(namespace -> watches.add(watch(kind, namespace)));
            }
        }
        writable = watches.stream().filter(watch -> watch.kind().status()).toList();
        watches.forEach(KindWatch::start);
    }

    private List<String> namespaces(WatchedKind kind) {
        return kind.namespaced() && !settings.namespaces().isEmpty()
                ? List.copyOf(new TreeSet<>(settings.namespaces()))
                : List.of("");
    }

    private KindWatch watch(WatchedKind kind, String namespace) {
        KindRequests one = new KindRequests(client, kind, namespace);
        return new KindWatch(kind, namespace, one, settings, requests, log, new Changes());
    }

    /** Done when objects were handed over for the first time. */
    public CompletionStage<Void> first() {
        return first.minimalCompletionStage();
    }

    /** What cannot be watched at the moment and why, one sentence each; empty if all is well. */
    public List<String> complaints() {
        return log.standing();
    }

    /**
     * The status of an object of a kind whose status is written, as last heard of; empty if there is no such object. Asks nobody.
     */
    public Optional<PresentStatus> status(ObjectRef ref) {
        for (KindWatch watch : writable) {
            boolean here = watch.namespace().isEmpty() || watch.namespace().equals(ref.namespace());
            if (here && watch.kind().kind().equals(ref.kind())) {
                return watch.status(ref);
            }
        }
        return Optional.empty();
    }

    private final class Changes implements KindWatch.Listener {
        @Override
        public void many() {
            prepare();
        }

        @Override
        public void changed() {
            change();
        }

        @Override
        public void settled(KindWatch watch) {
            settle(watch);
        }
    }

    private synchronized void settle(KindWatch watch) {
        if (closed) {
            return;
        }
        if (watch.kind().kind().equals(ENDPOINTS)) {
            standIn(watch);
        }
        boolean all = watches.stream().noneMatch(one -> one.state() == KindWatch.State.STARTING);
        if (all && !complete) {
            complete = true;
            hurry();
        }
    }

    /** Endpoints in the older form are watched as long as the newer one cannot be had. */
    private void standIn(KindWatch newer) {
        boolean without = newer.state() == KindWatch.State.WITHOUT;
        KindWatch standing = older.get(newer);
        if (without && standing == null) {
            WatchedKind kind = WatchedKinds.of(OLDER_ENDPOINTS).orElseThrow();
            KindWatch added = watch(kind, newer.namespace());
            older.put(newer, added);
            watches.add(added);
            added.start();
        } else if (!without && standing != null) {
            older.remove(newer);
            watches.remove(standing);
            standing.close();
            change();
        }
    }

    private synchronized void prepare() {
        if (prepared || complete || closed) {
            return;
        }
        prepared = true;
        delivery.execute(() -> {
            try {
                listener.prepare(() -> complete);
            } catch (RuntimeException | StackOverflowError e) {
                LOG.atError().setCause(e).log("could not prepare for the objects");
            }
        });
    }

    /** The first time, nothing is gained by waiting. */
    private void hurry() {
        holdOff.changed(System.nanoTime() - settings.longestHoldOff().toNanos());
        plan(0);
    }

    private synchronized void change() {
        holdOff.changed(System.nanoTime());
        if (complete && !planned) {
            plan(settings.holdOff().toNanos());
        }
    }

    private void plan(long nanos) {
        if (closed) {
            return;
        }
        planned = true;
        try {
            ScheduledFuture<?> unused = delivery.schedule(this::deliver, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            closed = true;
        }
    }

    private void deliver() {
        List<Decoded> objects = new ArrayList<>();
        synchronized (this) {
            OptionalLong remaining = holdOff.remaining(System.nanoTime());
            planned = false;
            if (closed || remaining.isEmpty()) {
                return;
            }
            if (remaining.getAsLong() > 0) {
                plan(remaining.getAsLong());
                return;
            }
            holdOff.taken();
            watches.forEach(watch -> objects.addAll(watch.objects()));
        }
        try {
            listener.objects(objects);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.atError().setCause(e).log("objects could not be dealt with");
        }
        first.complete(null);
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public synchronized void close() {
        closed = true;
        requests.shutdownNow();
        delivery.shutdownNow();
        watches.forEach(KindWatch::close);
    }
}
