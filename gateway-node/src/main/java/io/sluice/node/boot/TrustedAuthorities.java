package io.sluice.node.boot;

import io.sluice.node.settings.TlsSettings;
import io.sluice.node.tls.PemReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The authorities that may vouch for upstreams: those of the runtime, those of the settings, or both. */
final class TrustedAuthorities {

    private TrustedAuthorities() {}

    /**
     * A context for connections to upstreams, without a certificate of its own. Takes a tenth of a second.
     *
     * @throws IllegalStateException if a file has become unreadable
     */
    static SSLContext context(TlsSettings settings) {
        try {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            int n = 0;
            for (X509Certificate certificate : all(settings)) {
                store.setCertificateEntry("authority" + n++, certificate);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusting(store).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("lua_ssl_trusted_certificate: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> all(TlsSettings settings) throws GeneralSecurityException, IOException {
        List<X509Certificate> all = new ArrayList<>();
        if (settings.trustSystem()) {
            for (TrustManager one : trusting(null).getTrustManagers()) {
                if (one instanceof X509TrustManager manager) {
                    all.addAll(List.of(manager.getAcceptedIssuers()));
                }
            }
        }
        for (Path file : settings.trusted()) {
            all.addAll(PemReader.certificates(Files.readString(file)));
        }
        return all;
    }

    /** Trusts what is in the store; without one what the runtime trusts. */
    private static TrustManagerFactory trusting(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
