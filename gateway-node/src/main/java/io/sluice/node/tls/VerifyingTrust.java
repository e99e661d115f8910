package io.sluice.node.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Verifies chains up to given authorities, names as the engine's parameters say, and how long chains are. Thread-safe. */
final class VerifyingTrust extends EngineTrust {

    private final X509ExtendedTrustManager trusting;
    private final Set<X500Principal> authorities = new HashSet<>();
    private final int depth;

    private VerifyingTrust(X509ExtendedTrustManager trusting, int depth) {
        this.trusting = trusting;
        this.depth = depth;
        for (X509Certificate authority : trusting.getAcceptedIssuers()) {
            authorities.add(authority.getSubjectX500Principal());
        }
    }

    static VerifyingTrust of(List<X509Certificate> authorities, int depth) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return new VerifyingTrust(extended, depth);
                }
            }
            throw new GeneralSecurityException("this Java verifies no certificates");
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trusting.checkServerTrusted(chain, type, engine);
        int between = between(chain);
        if (between > depth) {
            throw new CertificateException(
                    between + " certificates between the upstream's and a trusted one (expected: at" + " most " + depth
                            + ", see tls_verify_depth)");
        }
    }

    /** How many certificates it took to get from the first one to an authority. */
    private int between(X509Certificate[] chain) {
        int count = 0;
        X509Certificate current = chain[0];
        while (current != null && count < chain.length && !authorities.contains(current.getIssuerX500Principal())) {
            count++;
            current = issuer(current, chain);
        }
        return count;
    }

    private static @Nullable X509Certificate issuer(X509Certificate of, X509Certificate[] chain) {
        for (X509Certificate one : chain) {
            if (!one.equals(of) && one.getSubjectX500Principal().equals(of.getIssuerX500Principal())) {
                return one;
            }
        }
        return null;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trusting.getAcceptedIssuers();
    }
}
