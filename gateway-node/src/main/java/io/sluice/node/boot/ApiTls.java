package io.sluice.node.boot;

import io.sluice.node.settings.TlsSettings;
import io.sluice.node.tls.CertifiedKey;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;

/**
 * What TLS listeners need of the node itself: the Admin and Status API their context, the proxy what it shows by default. Loading the JVM's cryptography takes a tenth of a second, so it is
 * begun early on a thread of its own.
 */
record ApiTls(SSLContext context, List<CertifiedKey> proxy) {

    static FutureTask<ApiTls> begin(TlsSettings tls) {
        FutureTask<ApiTls> task = new FutureTask<>(() -> read(tls));
        Thread thread = new Thread(task, "sluice-certificates");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static ApiTls read(TlsSettings tls) throws StartFailure {
        OwnCertificates certificates = OwnCertificates.read(tls, InstantSource.system());
        try {
            return new ApiTls(CertifiedKey.context(certificates.admin()), certificates.proxy());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot use the certificates", e);
        }
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
