package io.sluice.node.upstream.probe;

import io.sluice.node.tls.TlsProfile;
import io.sluice.node.tls.UpstreamTrust;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How probes speak TLS. What it takes is made once, off the caller's thread, when a probe first needs it. Thread-safe. */
public final class ProbeTls {

    private final Supplier<TlsProfile> verifying;
    private final Executor blocking;
    private @Nullable CompletableFuture<TlsProfile> verified;
    private @Nullable CompletableFuture<TlsProfile> unverified;

    /**
     * @param verifying the profile that verifies targets; may block
     * @param blocking where that may be
     */
    public ProbeTls(Supplier<TlsProfile> verifying, Executor blocking) {
        this.verifying = verifying;
        this.blocking = blocking;
    }

    /** Probes verify targets by whom the node trusts, however long the chain; they show no certificate. */
    public static ProbeTls of(UpstreamTrust trust, Executor blocking) {
        return new ProbeTls(() -> profile(true, trust), blocking);
    }

    /** The profile for checks that verify certificates, or for those that do not. */
    synchronized CompletableFuture<TlsProfile> profile(boolean verify) {
        if (verify) {
            verified = made(verified, verifying);
            return verified;
        }
        unverified = made(unverified, () -> profile(false, UpstreamTrust.DEFAULT));
        return unverified;
    }

    private CompletableFuture<TlsProfile> made(
            @Nullable CompletableFuture<TlsProfile> before, Supplier<TlsProfile> make) {
        return before == null || before.isCompletedExceptionally()
                ? CompletableFuture.supplyAsync(make, blocking)
                : before;
    }

    private static TlsProfile profile(boolean verify, UpstreamTrust trust) {
        try {
            return TlsProfile.of(new TlsProfile.Rules(verify, Integer.MAX_VALUE, List.of(), null), trust);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("lua_ssl_trusted_certificate: " + e.getMessage(), e);
        }
    }
}
