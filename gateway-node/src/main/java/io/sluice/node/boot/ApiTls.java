package io.sluice.node.boot;

import io.sluice.node.settings.TlsSettings;
import io.sluice.node.settings.TlsSettings.Crypto;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.crypto.NativeCrypto;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TLS listeners need of the node itself: the Admin and Status API their context, the proxy what it shows by default. Loading the JVM's cryptography takes a tenth of a second, so it is
 * begun early on a thread of its own.
 */
record ApiTls(SSLContext context, List<CertifiedKey> proxy) {

    private static final Logger LOG = LoggerFactory.getLogger(ApiTls.class);

    static FutureTask<ApiTls> begin(TlsSettings tls) {
        if (tls.crypto() != Crypto.JDK) {
            NativeCrypto.want();
        }
        FutureTask<ApiTls> task = new FutureTask<>(() -> read(tls));
        Thread thread = new Thread(task, "sluice-certificates");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static ApiTls read(TlsSettings tls) throws StartFailure {
        useNative(tls.crypto());
        OwnCertificates certificates = OwnCertificates.read(tls, InstantSource.system());
        try {
            return new ApiTls(CertifiedKey.context(certificates.admin()), certificates.proxy());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot use the certificates", e);
        }
    }

    /** Before any key is read: keys belong to what computes with them. */
    private static void useNative(Crypto crypto) throws StartFailure {
        if (crypto == Crypto.JDK) {
            return;
        }
        Optional<String> problem = NativeCrypto.use();
        if (problem.isPresent() && crypto == Crypto.NATIVE) {
            throw StartFailure.wrong(
                    "ssl_crypto: native, but its library cannot be used: " + problem.get()
                            + " (expected: auto, or a platform that Conscrypt is made for and a folder java.io.tmpdir that can be written to)");
        }
        problem.ifPresent(
                reason -> LOG.atInfo().addKeyValue("reason", reason).log("TLS handshakes are computed by Java"));
    }

    /** Waits for what was begun. */
    static ApiTls of(FutureTask<ApiTls> begun) throws StartFailure {
        try {
            return begun.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StartFailure failure) {
                throw failure;
            }
            throw new IllegalStateException("the certificates could not be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }
}
