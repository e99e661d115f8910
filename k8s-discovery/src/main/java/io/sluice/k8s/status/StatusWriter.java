package io.sluice.k8s.status;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import io.sluice.k8s.status.Notice.Reason;
import io.sluice.k8s.status.StatusSettings.NamespacedName;
import io.sluice.k8s.translate.Delivered;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of objects and tells events about them, as long as this node leads; every node follows what happens, so that
 * the next leader goes on where the last one ended and writes only what differs.
 *
 * <p>One thread looks several times a second whether anything is to be done, and does one request after the other: it is asked
 * before each one whether this node still leads.
 */
public final class StatusWriter implements AutoCloseable {

    /** How often it is looked, and how long changes are collected. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final long COLLECT = Duration.ofMillis(500).toNanos();

    /** Statuses that others have overwritten are found out by then. */
    private static final long REVIEW_AGAIN = Duration.ofSeconds(60).toNanos();

    private static final int TRIES = 3;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    /** What a review is made of, besides the clock; translations by their number. */
    private record Inputs(long delivery, Reach reach, List<Address> addresses) {}

    private final StatusSettings settings;
    private final StatusSources sources;
    private final InstantSource clock;
    private final StatusRequests requests;
    private final ProxyAddresses addresses;
    private final StatusQueue queue;
    private final EventWriter events;
    private final WriteLog log = new WriteLog(System::nanoTime);
    private final Pace pace;
    private final LiveForms forms = new LiveForms();
    private final Queue<Delivered> deliveries = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sluice-status");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Delivered latest;
    private long delivery;
    private Reach reach = new Reach(1, Map.of());
    private @Nullable Inputs reviewed;
    private @Nullable Review review;
    private long reviewedAt;
    private boolean leading;
    private @Nullable Metadata pod;

    private StatusWriter(KubernetesClient client, StatusSettings settings, StatusSources sources, InstantSource clock) {
        this.settings = settings;
        this.sources = sources;
        this.clock = clock;
        this.requests = new StatusRequests(client);
        this.addresses = new ProxyAddresses(client, settings, log);
        this.queue = new StatusQueue(sources.present());
        this.events = new EventWriter(requests, clock);
        this.pace = new Pace(settings.burst(), settings.perSecond(), new Random(), System.nanoTime());
    }

    /**
     * Begins.
     *
     * @param client stays open when the writer is closed
     */
    public static StatusWriter start(
            KubernetesClient client, StatusSettings settings, StatusSources sources, InstantSource clock) {
        StatusWriter writer = new StatusWriter(client, settings, sources, clock);
        ScheduledFuture<?> unused =
                writer.executor.scheduleWithFixedDelay(writer::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return writer;
    }

    /** What became of the objects now, on this node; to be told of each. Any thread; returns at once. */
    public void delivered(Delivered delivered) {
        deliveries.add(delivered);
    }

    private void look() {
        try {
            follow();
            lead();
            if (leading && latest != null) {
                addresses.look(System.nanoTime());
                reviewIfDue(latest);
                write();
            }
        } catch (RuntimeException e) {
            log.broken(e);
        }
    }

    /** Takes in what has happened; on all nodes. */
    private void follow() {
        Delivered next;
        while ((next = deliveries.poll()) != null) {
            forms.deliver(next, System.nanoTime());
            latest = next;
            delivery++;
        }
        reach = sources.reach().get();
        forms.heard(reach.live());
    }

    private void lead() {
        boolean now = sources.leads().getAsBoolean();
        if (now && !leading) {
            reviewed = null;
            events.begin();
            log.leads();
        } else if (!now && leading) {
            queue.clear();
            events.begin();
            log.leadsNoLonger();
        }
        leading = now;
    }

    private void reviewIfDue(Delivered delivered) {
        long now = System.nanoTime();
        Inputs inputs = new Inputs(delivery, reach, addresses.now());
        boolean changed = !inputs.equals(reviewed);
        long age = now - reviewedAt;
        if (reviewed == null || age >= COLLECT && (changed || queue.waits()) || age >= REVIEW_AGAIN) {
            Verdicts verdicts = new Verdicts(delivered, forms, inputs.reach.nodes(), now);
            Review next = new Review(delivered, verdicts, settings.ingressClass(), inputs.addresses, clock.instant());
            queue.fill(next, now);
            Set<Notice> notices = new LinkedHashSet<>(next.notices());
            notices.addAll(aboutAll(delivered));
            events.standing(notices, now);
            review = next;
            reviewed = inputs;
            reviewedAt = now;
        }
    }

    /** What is told to the pod: how the configuration as a whole fares. */
    private Set<Notice> aboutAll(Delivered delivered) {
        Set<Notice> notices = new HashSet<>();
        Metadata object = pod();
        if (object != null) {
            delivered.refusals().forEach(one -> notices.add(Notice.about(object, Reason.APPLY_FAILED, one.toString())));
            if (delivered.live()) {
                notices.add(Notice.about(object, Reason.SUCCEEDED, "the configuration is live"));
            }
        }
        return notices;
    }

    private @Nullable Metadata pod() {
        Optional<NamespacedName> named = settings.pod();
        if (pod == null && named.isPresent()) {
            String uid;
            try {
                uid = requests.uidOfPod(named.get());
            } catch (KubernetesClientException e) {
                uid = ""; // Events say what they have to say without it.
            }
            pod = new Metadata(
                    "",
                    "v1",
                    "Pod",
                    named.get().namespace(),
                    named.get().name(),
                    uid,
                    Instant.EPOCH,
                    0,
                    Map.of(),
                    Map.of());
        }
        return pod;
    }

    /** As much as may be written now. New translations and a lost lead are looked at in between. */
    private void write() {
        long until = System.nanoTime() + COLLECT;
        while (System.nanoTime() - until < 0
                && !(queue.isEmpty() && events.isIdle())
                && sources.leads().getAsBoolean()
                && pace.take(System.nanoTime())) {
            if (queue.isEmpty()) {
                tell();
            } else {
                write(queue.take(), Objects.requireNonNull(review));
            }
        }
    }

    private void write(Decoded object, Review current) {
        ObjectRef ref = object.metadata().ref();
        WatchedKind kind = WatchedKinds.of(ref.kind()).orElseThrow();
        Optional<PresentStatus> present = queue.present(ref);
        String verb = "patch";
        try {
            for (int i = 0; present.isPresent(); i++) {
                if (i == TRIES) {
                    queue.comeBack();
                    break;
                }
                PresentStatus before = present.get();
                Optional<StatusPatch> patch = current.patch(object, before);
                if (patch.isEmpty()) {
                    queue.wrote(ref, before);
                    break;
                }
                verb = "patch";
                Optional<String> version = tried(patch.get());
                if (version.isPresent()) {
                    queue.wrote(ref, patch.get().appliedTo(before, version.get()));
                    break;
                }
                verb = "get";
                present = sources.leads().getAsBoolean() ? requests.read(kind, ref) : Optional.empty();
            }
            pace.succeeded();
        } catch (KubernetesClientException e) {
            failed(verb, kind, object, e);
        }
    }

    /** The object's version then; empty if it was not the one that the patch is for. */
    private Optional<String> tried(StatusPatch patch) {
        try {
            return Optional.of(requests.patch(patch));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void failed(String verb, WatchedKind kind, Decoded object, KubernetesClientException failure) {
        long now = System.nanoTime();
        ObjectRef ref = object.metadata().ref();
        String resource = resource(kind, verb.equals("patch") ? "/status" : "");
        String version = queue.present(ref).map(PresentStatus::version).orElse("");
        if (isPassing(failure)) {
            queue.putBack(object);
            pace.failed(now);
            log.failed(verb, resource, WriteLog.reason(failure));
        } else if (failure.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
            queue.park(kind, now);
            log.forbidden(verb, resource, ref.namespace());
        } else {
            queue.park(ref, version, now);
            if (failure.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                log.refused(verb, resource, ref.toString(), WriteLog.reason(failure));
            }
        }
    }

    private static String resource(WatchedKind kind, String below) {
        return kind.plural() + (kind.group().isEmpty() ? "" : "." + kind.group()) + below;
    }

    private void tell() {
        Notice notice = events.next();
        try {
            events.write(System.nanoTime());
            pace.succeeded();
        } catch (KubernetesClientException e) {
            if (isPassing(e)) {
                pace.failed(System.nanoTime());
                log.failed("create", "events", WriteLog.reason(e));
                return;
            }
            events.skip();
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                log.forbidden("create or patch", "events", notice.eventNamespace());
            } else {
                log.refused("create", "events", notice.kind() + " " + notice.name(), WriteLog.reason(e));
            }
        }
    }

    /** Whether it helps to do the same again later. */
    private static boolean isPassing(KubernetesClientException failure) {
        int code = failure.getCode();
        return code == 0
                || code == HttpURLConnection.HTTP_UNAUTHORIZED
                || code == TOO_MANY_REQUESTS
                || code >= SERVER_ERRORS;
    }

    /** Stops; a request that runs may still end. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
