package io.sluice.node.plugins.mtlsauth;

import io.sluice.node.plugins.mtlsauth.RevocationCheck.Found;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What authorities say about verified paths. Each path is asked for once at a time, whatever else clients show with it, so that
 * only who has many good certificates can make much work. What was taken back stays so while nobody can be asked. Bounded;
 * thread-safe.
 */
final class Revocations {

    private static final Logger LOG = LoggerFactory.getLogger(Revocations.class);
    private static final int MOST = 10_000;
    private static final long WARN_MILLIS = 60_000;

    private final Executor asking;
    private final InstantSource clock;
    private final long keptMillis;
    private final long patienceMillis;
    private final Map<List<X509Certificate>, Standing> known = new ConcurrentHashMap<>();
    private final Map<List<X509Certificate>, CompletableFuture<Found>> underWay = new ConcurrentHashMap<>();
    private final AtomicLong warnedAt = new AtomicLong(-WARN_MILLIS);

    private record Standing(Found found, long until) {}

    /**
     * @param asking where authorities are asked; may be blocked
     * @param keptMillis how long an answer is used again
     * @param patienceMillis how long an answer is waited for
     */
    Revocations(Executor asking, InstantSource clock, long keptMillis, long patienceMillis) {
        this.asking = asking;
        this.clock = clock;
        this.keptMillis = keptMillis;
        this.patienceMillis = patienceMillis;
    }

    /** What is known already; null if it must be asked for. */
    @Nullable
    Found known(List<X509Certificate> path) {
        Standing standing = known.get(path);
        return standing != null && clock.millis() < standing.until() ? standing.found() : null;
    }

    /** Asks, or joins who asks already; what comes too late is of use for later requests. */
    CompletableFuture<Found> ask(ChainCheck.Path path) {
        List<X509Certificate> key = path.whole();
        Found before = known(key);
        if (before != null) {
            return CompletableFuture.completedFuture(before);
        }
        CompletableFuture<Found> answer = new CompletableFuture<>();
        CompletableFuture<Found> running = underWay.putIfAbsent(key, answer);
        if (running == null) {
            try {
                asking.execute(() -> answer(path, answer));
            } catch (RejectedExecutionException e) {
                underWay.remove(key, answer);
                answer.complete(notAsked(key));
                return answer;
            }
            running = answer;
        }
        return running.copy()
                .completeOnTimeout(Found.UNKNOWN, patienceMillis, TimeUnit.MILLISECONDS)
                .thenApply(found -> found == Found.UNKNOWN ? keep(key, found) : found);
    }

    private void answer(ChainCheck.Path path, CompletableFuture<Found> answer) {
        Found found = Found.UNKNOWN;
        try {
            found = RevocationCheck.ask(path, clock.millis());
        } catch (GeneralSecurityException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("an authority could not be asked about a certificate");
        }
        found = keep(path.whole(), found);
        underWay.remove(path.whole(), answer);
        answer.complete(found);
    }

    /** Too much waits already: nothing new is known, and that is not worth keeping. */
    private Found notAsked(List<X509Certificate> key) {
        long now = clock.millis();
        long last = warnedAt.get();
        if (now - last >= WARN_MILLIS && warnedAt.compareAndSet(last, now)) {
            LOG.atWarn().log("too many certificates wait for their authorities to be asked");
        }
        Standing before = known.get(key);
        return before != null && before.found() == Found.REVOKED ? Found.REVOKED : Found.UNKNOWN;
    }

    private Found keep(List<X509Certificate> key, Found found) {
        long now = clock.millis();
        if (known.size() >= MOST) {
            known.values().removeIf(one -> one.found() != Found.REVOKED && one.until() <= now);
            if (known.size() >= MOST) {
                known.clear();
            }
        }
        Standing kept =
                known.merge(key, new Standing(found, now + keptMillis), (before, next) -> after(before, next, now));
        return kept.found();
    }

    /** Not to know says nothing against what is known, and nothing at all about what was taken back. */
    private static Standing after(Standing before, Standing next, long now) {
        if (next.found() != Found.UNKNOWN) {
            return next;
        }
        if (before.found() == Found.REVOKED) {
            return new Standing(Found.REVOKED, next.until());
        }
        return now < before.until() ? before : next;
    }
}
