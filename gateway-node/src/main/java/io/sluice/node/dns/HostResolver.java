package io.sluice.node.dns;

import io.sluice.node.settings.DnsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names in use and what is known of them. A name that somebody watches is looked up again when its answer's time is over,
 * in the background: nobody waits for that, and the old addresses are used meanwhile. If it fails they are used on for the
 * stale time, and it is tried again after a pause that grows. That a name has no address is an answer: addresses are
 * dropped at once. Thread-safe; watchers are told on the agenda's thread, one after the other.
 */
public final class HostResolver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostResolver.class);

    /** Whatever happens, a name is not waited for longer than that. */
    private static final long LONGEST_SECONDS = 300;

    private final Map<String, KnownName> names = new ConcurrentHashMap<>();
    private final LongAdder failures = new LongAdder();
    private final NameLookup lookup;
    private final Agenda agenda;
    private final ResolverTimes times;

    /** Ends the agenda with itself. */
    public HostResolver(NameLookup lookup, Agenda agenda, ResolverTimes times) {
        this.lookup = lookup;
        this.agenda = agenda;
        this.times = times;
    }

    /** A resolver with a thread of its own. Needs nothing of the machine: what is missing shows when a name is looked up. */
    public static HostResolver of(DnsSettings settings) {
        return of(settings, Path.of("/etc/resolv.conf"));
    }

    static HostResolver of(DnsSettings settings, Path system) {
        Agenda agenda = Agenda.thread();
        return new HostResolver(DnsLookup.of(settings, system, agenda), agenda, ResolverTimes.of(settings));
    }

    /** Somebody's interest in a name. */
    public interface Watch extends AutoCloseable {

        /** What is known now; one volatile read. */
        NameView view();

        /** Ends the interest. A second call does nothing. */
        @Override
        void close();
    }

    /**
     * Watches a name from now on.
     *
     * @param name no address
     * @param changed called after {@link Watch#view} has changed
     */
    public Watch watch(String name, Runnable changed) {
        KnownName known = names.compute(name, (key, old) -> {
            KnownName one = old == null ? new KnownName(key) : old;
            one.watchers().add(changed);
            return one;
        });
        agenda.add(() -> wake(known));
        return new Watch() {
            @Override
            public NameView view() {
                return known.view();
            }

            @Override
            public void close() {
                known.watchers().remove(changed);
            }
        };
    }

    /** Runs a task after what is under way now, never at the same time as a watcher is told. */
    public void add(Runnable task) {
        agenda.add(task);
    }

    /** Look-ups that gave no address since the start, those that failed and those that were answered so. */
    public long failures() {
        return failures.sum();
    }

    /** Names that something is known of. */
    int known() {
        return names.size();
    }

    @Override
    public void close() {
        agenda.close();
    }

    private void wake(KnownName name) {
        if (name.begun()) {
            return;
        }
        forgetUnwatched();
        look(name);
        if (name.view().state() == NameView.State.PENDING) {
            agenda.add(times.patience(), () -> {
                if (name.view().state() == NameView.State.PENDING) {
                    publish(name, NameView.none("no answer yet"));
                }
            });
        }
    }

    /** Unwatched names go when their time is over; with too many of them that is now. */
    private void forgetUnwatched() {
        if (names.size() > times.names()) {
            names.keySet().forEach(name -> names.computeIfPresent(name, HostResolver::watched));
        }
    }

    private void look(KnownName name) {
        name.begin();
        CompletableFuture<Answer> unused = begun(name.name())
                .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
                .whenComplete((answer, failure) -> agenda.add(() -> {
                    Answer given = answer == null ? new Answer.Failed(String.valueOf(failure)) : answer;
                    agenda.add(answered(name, given), () -> due(name));
                }));
    }

    private CompletableFuture<Answer> begun(String name) {
        try {
            return lookup.look(name).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e); // a bug of ours must not end look-ups of the name
        }
    }

    private void due(KnownName name) {
        if (names.computeIfPresent(name.name(), HostResolver::watched) == name) {
            look(name);
        }
    }

    private static @Nullable KnownName watched(String key, KnownName name) {
        return name.watchers().isEmpty() ? null : name;
    }

    /** Takes an answer; gives when to ask again. */
    private Duration answered(KnownName name, Answer answer) {
        if (answer instanceof Answer.Found found) {
            Duration valid = found.valid().compareTo(ResolverTimes.SHORTEST_VALIDITY) < 0
                    ? ResolverTimes.SHORTEST_VALIDITY
                    : found.valid();
            if (name.succeeded(agenda.now() + valid.toNanos() + times.stale().toNanos())) {
                LOG.atInfo().addKeyValue("name", name.name()).log("host name resolves again");
            }
            publish(name, NameView.found(found.addresses()));
            return valid;
        }
        boolean certain = answer instanceof Answer.Missing;
        String reason = answer instanceof Answer.Missing missing ? missing.reason() : ((Answer.Failed) answer).reason();
        failures.increment();
        int count = name.failed();
        if (count == 1) {
            LOG.atWarn()
                    .addKeyValue("name", name.name())
                    .addKeyValue("reason", reason)
                    .log("host name does not resolve");
        }
        if (certain || !name.usable(agenda.now())) {
            publish(name, NameView.none(reason));
        }
        return times.pause(count, certain);
    }

    private static void publish(KnownName name, NameView view) {
        if (name.publish(view)) {
            name.watchers().forEach(Runnable::run);
        }
    }
}
