package io.sluice.node.upstream.probe;

import io.sluice.state.model.Cidr;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** How probes speak TLS. What it takes is made once, off the caller's thread, when a probe first needs it. Thread-safe. */
public final class ProbeTls {

    private final Supplier<SSLContext> trusting;
    private final Executor blocking;
    private @Nullable CompletableFuture<SSLContext> verified;
    private @Nullable CompletableFuture<SSLContext> unverified;

    /**
     * @param trusting the context with the authorities that may vouch for targets; may block
     * @param blocking where that may be
     */
    public ProbeTls(Supplier<SSLContext> trusting, Executor blocking) {
        this.trusting = trusting;
        this.blocking = blocking;
    }

    /** The context for checks that verify certificates, or for those that do not. */
    synchronized CompletableFuture<SSLContext> context(boolean verify) {
        if (verify) {
            verified = made(verified, trusting);
            return verified;
        }
        unverified = made(unverified, ProbeTls::credulous);
        return unverified;
    }

    private CompletableFuture<SSLContext> made(
            @Nullable CompletableFuture<SSLContext> before, Supplier<SSLContext> make) {
        return before == null || before.isCompletedExceptionally()
                ? CompletableFuture.supplyAsync(make, blocking)
                : before;
    }

    /**
     * The client's end of a connection.
     *
     * @param name the server name to ask for and, if verified, to find in the certificate; may be an address, which is not asked
     *     for
     */
    static SSLEngine engine(SSLContext context, String name, int port, boolean verify) {
        SSLEngine engine = context.createSSLEngine(name, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        serverName(name).ifPresent(server -> parameters.setServerNames(List.of(server)));
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static Optional<SNIServerName> serverName(String name) {
        try {
            return Cidr.isAddress(name) ? Optional.empty() : Optional.of(new SNIHostName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name that DNS may have and TLS may not, with an underscore for example
        }
    }

    private static SSLContext credulous() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Credulous()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** For {@code https_verify_certificate: false}: any certificate will do. */
    private static final class Credulous extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
