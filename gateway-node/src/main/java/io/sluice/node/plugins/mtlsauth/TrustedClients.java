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
import java.util.concurrent.TimeUnit;
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
    private final Executor asking;
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

    private record Known(Result result, long until) {}

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
        this.asking = asking;
    }

    /** What is known already; null if it must be found out. */
    @Nullable
    Result known(List<X509Certificate> chain) {
        Known known = good.get(chain);
        if (known == null) {
            known = bad.get(chain);
        }
        return known != null && clock.millis() < known.until() ? known.result() : null;
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
            if (settings.revocation() == Revocation.SKIP) {
                keep(chain, trusted);
                search.complete(trusted);
            } else {
                ask(chain, path, trusted, search);
            }
        } catch (GeneralSecurityException e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("a client's certificate is not trusted");
            keep(chain, REFUSED);
            search.complete(REFUSED);
        } catch (RuntimeException e) {
            search.completeExceptionally(e);
        }
    }

    private void ask(
            List<X509Certificate> chain, ChainCheck.Path path, Result trusted, CompletableFuture<Result> search) {
        CompletableFuture<Found> answer = new CompletableFuture<>();
        try {
            asking.execute(() -> {
                try {
                    answer.complete(RevocationCheck.ask(path, clock.millis()));
                } catch (GeneralSecurityException | RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.complete(Found.UNKNOWN);
        }
        CompletionStage<Found> inTime =
                answer.completeOnTimeout(Found.UNKNOWN, settings.fetchMillis(), TimeUnit.MILLISECONDS);
        inTime.whenComplete((found, failure) -> {
            Result result = standing(found) ? trusted : REFUSED;
            keep(chain, result);
            search.complete(result);
        });
    }

    private boolean standing(@Nullable Found found) {
        if (found == Found.GOOD) {
            return true;
        }
        LOG.atDebug().addKeyValue("found", found).log("a client's certificate may have been revoked");
        return found != Found.REVOKED && settings.revocation() == Revocation.IGNORE_CA_ERROR;
    }

    private void keep(List<X509Certificate> chain, Result result) {
        Map<List<X509Certificate>, Known> kept = result.trusted() ? good : bad;
        if (kept.size() >= (result.trusted() ? MOST_GOOD : MOST_BAD)) {
            kept.clear();
        }
        (result.trusted() ? bad : good).remove(chain);
        kept.put(chain, new Known(result, until(chain, result)));
    }

    /** Not beyond the end of the client's certificate. */
    private long until(List<X509Certificate> chain, Result result) {
        long usual = clock.millis() + settings.resultMillis();
        return result.trusted() ? Math.min(usual, chain.get(0).getNotAfter().getTime()) : usual;
    }
}
