package io.sluice.node.plugins.mtlsauth;

import io.sluice.node.plugins.mtlsauth.MtlsAuthSettings.Revocation;
import io.sluice.node.plugins.mtlsauth.RevocationCheck.Found;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of clients' certificates: each chain is verified once, off the event loops, however many requests ask, and the
 * result is used again for a while. Bounded; thread-safe.
 */
@SuppressWarnings("JavaUtilDate") // certificates have nothing else
final class TrustedClients {

    private static final Logger LOG = LoggerFactory.getLogger(TrustedClients.class);
    private static final int MOST_GOOD = 10_000;
    private static final int MOST_BAD = 1_000;
    private static final Result REFUSED =
            new Result(false, List.of(), new CertificateNames("", Optional.empty(), List.of()));

    private final ChainCheck chains;
    private final MtlsAuthSettings settings;
    private final InstantSource clock;
    private final Executor verifying;
    private final Revocations revocations;
    private final Map<List<X509Certificate>, Known> good = new ConcurrentHashMap<>();
    private final Map<List<X509Certificate>, Known> bad = new ConcurrentHashMap<>();
    private final Map<List<X509Certificate>, CompletableFuture<Result>> underWay = new ConcurrentHashMap<>();

    /**
     * What came out for a chain.
     *
     * @param issuers ids of the authorities that have issued it, directly or not
     * @param names of the client's certificate if that is trusted
     */
    record Result(boolean trusted, List<UUID> issuers, CertificateNames names) {}

    /** @param path what was verified; empty if nothing was */
    private record Known(Result result, List<X509Certificate> path, long until) {}

    /**
     * @param verifying where signatures are computed
     * @param asking where authorities are asked; may be blocked
     */
    TrustedClients(
            ChainCheck chains, MtlsAuthSettings settings, InstantSource clock, Executor verifying, Executor asking) {
        this.chains = chains;
        this.settings = settings;
        this.clock = clock;
        this.verifying = verifying;
        this.revocations = new Revocations(asking, clock, settings.resultMillis(), settings.fetchMillis());
    }

    /** What is known already; null if it must be found out. */
    @Nullable
    Result known(List<X509Certificate> chain) {
        Known known = good.get(chain);
        if (known == null) {
            known = bad.get(chain);
        }
        if (known == null || clock.millis() >= known.until()) {
            return null;
        }
        if (!known.result().trusted() || settings.revocation() == Revocation.SKIP) {
            return known.result();
        }
        Found found = revocations.known(known.path());
        return found == null ? null : standing(found) ? known.result() : REFUSED;
    }

    /** Finds out; one search for all who ask at the same time. */
    CompletableFuture<Result> find(List<X509Certificate> chain) {
        CompletableFuture<Result> search = new CompletableFuture<>();
        CompletableFuture<Result> running = underWay.putIfAbsent(chain, search);
        if (running != null) {
            return running;
        }
        CompletableFuture<Result> found = search.whenComplete((result, failure) -> underWay.remove(chain, search));
        try {
            verifying.execute(() -> verify(chain, search));
        } catch (RejectedExecutionException e) {
            search.completeExceptionally(e);
        }
        return found;
    }

    private void verify(List<X509Certificate> chain, CompletableFuture<Result> search) {
        try {
            ChainCheck.Path path = chains.verify(chain, clock.millis());
            Result trusted = new Result(true, path.issuers(), CertificateNames.of(chain.get(0)));
            keep(chain, trusted, path.whole());
            if (settings.revocation() == Revocation.SKIP) {
                search.complete(trusted);
            } else {
                CompletionStage<Found> answer = revocations.ask(path);
                answer.whenComplete((found, failure) -> search.complete(standing(found) ? trusted : REFUSED));
            }
        } catch (GeneralSecurityException e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("a client's certificate is not trusted");
            keep(chain, REFUSED, List.of());
            search.complete(REFUSED);
        } catch (RuntimeException e) {
            search.completeExceptionally(e);
        }
    }

    private boolean standing(@Nullable Found found) {
        if (found == Found.GOOD) {
            return true;
        }
        LOG.atDebug().addKeyValue("found", found).log("a client's certificate may have been revoked");
        return found != Found.REVOKED && settings.revocation() == Revocation.IGNORE_CA_ERROR;
    }

    private void keep(List<X509Certificate> chain, Result result, List<X509Certificate> path) {
        Map<List<X509Certificate>, Known> kept = result.trusted() ? good : bad;
        if (kept.size() >= (result.trusted() ? MOST_GOOD : MOST_BAD)) {
            kept.clear();
        }
        (result.trusted() ? bad : good).remove(chain);
        kept.put(chain, new Known(result, path, until(chain, result)));
    }

    /** Not beyond the end of the client's certificate. */
    private long until(List<X509Certificate> chain, Result result) {
        long usual = clock.millis() + settings.resultMillis();
        return result.trusted() ? Math.min(usual, chain.get(0).getNotAfter().getTime()) : usual;
    }
}
