package io.sluice.k8s.watch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKind.Presence;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows the objects of one kind in one namespace, or in all: lists them once, then watches from there on, each watch going on
 * where the one before ended. Lists again only if the server says that it has forgotten where that was. Goes on forever.
 *
 * <p>Blocking requests run on the executor, one at a time; events come on the client's threads. State is guarded by this object's
 * lock, which is never held over a request.
 */
final class KindWatch implements AutoCloseable {

    /** Without these there is nothing to translate; of the others, what cannot be had is done without. */
    private static final Set<String> INDISPENSABLE = Set.of("Ingress", "Service");

    /** A watch that ends earlier and saw nothing counts as a failure. */
    private static final Duration SHORT_LIFE = Duration.ofSeconds(2);

    /** So many in a row are none. */
    private static final int NO_ACCIDENT = 3;

    /** What is said about a kind. */
    interface Listener {
        /** A list has more than one page: it will take a while. */
        void many();

        /** What {@link #objects()} returns is another than before. */
        void changed();

        /** All objects are known for the first time; or none are, because they cannot be had. */
        void settled(KindWatch watch);
    }

    /** How it stands. */
    enum State {
        STARTING,
        LISTED,
        /** The server does not know the kind, or does not allow it and it can be done without. */
        WITHOUT
    }

    private final WatchedKind kind;
    private final String namespace;
    private final KindRequests requests;
    private final WatchSettings settings;
    private final ScheduledExecutorService executor;
    private final WatchLog log;
    private final Listener listener;
    private final RandomGenerator random = new Random();
    private final BackOff backOff;
    private final KnownObjects objects;

    private String version = "";
    private State state = State.STARTING;
    private boolean toldNotServed;
    private int turn;
    private @Nullable Watch watch;
    private @Nullable ScheduledFuture<?> deadline;
    private long begun;
    private boolean closed;

    KindWatch(
            WatchedKind kind,
            String namespace,
            KindRequests requests,
            WatchSettings settings,
            ScheduledExecutorService executor,
            WatchLog log,
            Listener listener) {
        this.kind = kind;
        this.namespace = namespace;
        this.requests = requests;
        this.settings = settings;
        this.executor = executor;
        this.log = log;
        this.listener = listener;
        this.objects = new KnownObjects(kind);
        this.backOff = new BackOff(settings.firstPause(), settings.longestPause(), random);
    }

    WatchedKind kind() {
        return kind;
    }

    String namespace() {
        return namespace;
    }

    synchronized State state() {
        return state;
    }

    /** All objects as they are now. */
    List<Decoded> objects() {
        return objects.all();
    }

    /** The status of one of them; empty if there is no such object. */
    Optional<PresentStatus> status(ObjectRef ref) {
        return objects.status(ref.namespace(), ref.name());
    }

    /** Begins at once. */
    void start() {
        after(Duration.ZERO);
    }

    private synchronized void after(Duration pause) {
        if (closed) {
            return;
        }
        try {
            ScheduledFuture<?> unused = executor.schedule(this::cycle, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            closed = true; // all of watching ends
        }
    }

    /** One list if there must be one, and one watch. Whatever ends the watch schedules the next cycle. */
    private void cycle() {
        String verb = "list";
        try {
            String from = currentVersion();
            if (from.isEmpty()) {
                from = list();
            }
            verb = "watch";
            begin(from);
        } catch (KubernetesClientException e) {
            failed(verb, e);
        } catch (RuntimeException | StackOverflowError e) { // the client's own bugs must not end the watch
            failed(verb, new KubernetesClientException(String.valueOf(e), e));
        }
    }

    private synchronized String currentVersion() {
        return version;
    }

    private String list() {
        KnownObjects.Listing listing = objects.new Listing();
        String next = "";
        String at;
        do {
            GenericKubernetesResourceList page = requests.list(next);
            listing.add(page.getItems());
            at = text(page.getMetadata().getResourceVersion());
            next = text(page.getMetadata().getContinue());
            if (!next.isEmpty()) {
                listener.many();
            }
        } while (!next.isEmpty());
        if (listing.take()) {
            listener.changed(); // before the kind is known: what is handed over then is handed over once
        }
        listed(at);
        return at;
    }

    private void listed(String at) {
        boolean first;
        synchronized (this) {
            version = at;
            first = state != State.LISTED;
            if (state == State.WITHOUT && toldNotServed) {
                log.servedAgain(kind);
            }
            toldNotServed = false;
            state = State.LISTED;
        }
        if (first) {
            listener.settled(this);
        }
    }

    private void begin(String from) {
        int mine;
        synchronized (this) {
            mine = ++turn;
            begun = System.nanoTime();
        }
        Watch started = requests.watch(from, BackOff.jittered(settings.watchLife(), random), new Events(mine));
        boolean over;
        synchronized (this) {
            over = closed || turn != mine;
            if (!over) {
                watch = started;
                deadline = executor.schedule(
                        () -> ended(mine, null),
                        settings.watchLife().plus(settings.grace()).toMillis(),
                        TimeUnit.MILLISECONDS);
                ScheduledFuture<?> unused =
                        executor.schedule(() -> lasts(mine), SHORT_LIFE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        if (over) {
            started.close();
        }
    }

    /** A watch that the server did not end at once works. */
    private void lasts(int mine) {
        synchronized (this) {
            if (mine != turn || closed) {
                return;
            }
            backOff.reset();
        }
        log.works(kind, namespace);
    }

    /** What a watch says; after it has ended, nothing that it says counts. */
    private final class Events implements Watcher<GenericKubernetesResource> {

        private final int mine;

        Events(int mine) {
            this.mine = mine;
        }

        @Override
        public void eventReceived(Action action, GenericKubernetesResource resource) {
            apply(mine, action, resource);
        }

        @Override
        public void onClose() {
            ended(mine, null);
        }

        @Override
        public void onClose(WatcherException cause) {
            ended(mine, cause);
        }
    }

    private void apply(int mine, Watcher.Action action, GenericKubernetesResource resource) {
        boolean changed;
        synchronized (this) { // Until it is known: a list that comes later must not be undone.
            if (mine != turn || closed) {
                return;
            }
            version = text(resource.getMetadata().getResourceVersion());
            backOff.reset();
            changed = switch (action) {
                case ADDED, MODIFIED -> objects.put(resource);
                case DELETED -> objects.remove(resource);
                default -> false;
            };
        }
        if (changed) {
            listener.changed();
        }
    }

    /** @param cause null if the watch was closed, by whichever side */
    private void ended(int mine, @Nullable WatcherException cause) {
        Watch over;
        boolean fruitless;
        synchronized (this) {
            if (mine != turn || closed) {
                return;
            }
            turn++;
            over = watch;
            watch = null;
            if (deadline != null) {
                deadline.cancel(false);
            }
            fruitless = System.nanoTime() - begun < SHORT_LIFE.toNanos();
            if (cause != null && cause.isHttpGone()) {
                version = "";
            }
        }
        if (over != null) {
            over.close();
        }
        KubernetesClientException failure = cause == null || cause.isHttpGone() ? null : cause.asClientException();
        if (failure != null && failure.getCode() > 0) {
            failed("watch", failure);
        } else {
            if (fruitless && backOff.failures() >= NO_ACCIDENT) {
                log.failed("watch", kind, namespace, "ends as soon as it has begun");
            }
            after(fruitless ? backOff.next() : Duration.ZERO);
        }
    }

    private void failed(String verb, KubernetesClientException failure) {
        switch (failure.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND -> notServed();
            case HttpURLConnection.HTTP_FORBIDDEN -> forbidden(verb);
            case HttpURLConnection.HTTP_GONE -> {
                synchronized (this) {
                    version = "";
                }
                after(backOff.next());
            }
            default -> {
                log.failed(verb, kind, namespace, reason(failure));
                after(backOff.next());
            }
        }
    }

    private void notServed() {
        synchronized (this) {
            if (!toldNotServed) {
                toldNotServed = true;
                log.notServed(kind);
            }
            version = "";
            state = State.WITHOUT;
        }
        boolean had = objects.clear();
        log.works(kind, namespace);
        listener.settled(this);
        if (had) {
            listener.changed();
        }
        after(settings.absentPause());
    }

    /** Authorisation is asked before whether the kind is there: a role need not name what is not. */
    private void forbidden(String verb) {
        if (state() != State.LISTED && !served()) {
            notServed();
            return;
        }
        log.forbidden(verb, kind, namespace);
        boolean without = kind.presence() != Presence.OURS && !INDISPENSABLE.contains(kind.kind());
        boolean settled = false;
        synchronized (this) {
            if (without && state == State.STARTING) {
                state = State.WITHOUT;
                settled = true;
            }
        }
        if (settled) {
            listener.settled(this);
        }
        after(settings.absentPause());
    }

    private boolean served() {
        try {
            return requests.served();
        } catch (RuntimeException e) {
            return true; // nothing says otherwise
        }
    }

    /** The first sentence of it; the client adds a whole response sometimes. */
    private static String reason(KubernetesClientException failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = failure.getCode() > 0 ? "status " + failure.getCode() : String.valueOf(root);
        return message.length() > 200 ? message.substring(0, 200) : message;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        Watch over;
        synchronized (this) {
            closed = true;
            turn++;
            over = watch;
            watch = null;
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
        if (over != null) {
            over.close();
        }
    }
}
