package io.sluice.node.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What a node does about TLS to upstreams unless a service says otherwise.
 *
 * @param verify whether upstreams' certificates are verified
 * @param depth most certificates between an upstream's own and a trusted one
 * @param system whether the Java runtime's authorities are trusted
 * @param authorities trusted, too
 * @param client shown to upstreams that ask for a certificate
 */
public record UpstreamTrust(
        boolean verify, int depth, boolean system, List<X509Certificate> authorities, Optional<CertifiedKey> client) {

    /** Kong's defaults. */
    public static final UpstreamTrust DEFAULT = new UpstreamTrust(false, 1, true, List.of(), Optional.empty());

    /**
     * Everybody the node trusts.
     *
     * @throws GeneralSecurityException if this Java's authorities cannot be read
     */
    List<X509Certificate> everybody() throws GeneralSecurityException {
        List<X509Certificate> all = new ArrayList<>(authorities);
        if (system) {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager trusting) {
                    all.addAll(List.of(trusting.getAcceptedIssuers()));
                }
            }
        }
        return all;
    }
}
