package io.sluice.node.boot;

import io.sluice.node.settings.TlsSettings;
import io.sluice.node.settings.TlsSettings.KeyPairFiles;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.PemReader;
import io.sluice.node.tls.UpstreamTrust;
import io.sluice.state.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The certificates a node has of itself, read or made up.
 *
 * @param proxy for clients whose server name no certificate of the configuration fits, at least one
 * @param admin for the Admin API, at least one
 */
record OwnCertificates(List<CertifiedKey> proxy, List<CertifiedKey> admin) {

    static OwnCertificates read(TlsSettings tls, InstantSource clock) throws StartFailure {
        List<Problem> problems = new ArrayList<>();
        List<CertifiedKey> proxy = read(tls.certificates(), problems);
        List<CertifiedKey> admin = read(tls.adminCertificates(), problems);
        if (!problems.isEmpty()) {
            throw StartFailure.of(problems);
        }
        try {
            List<CertifiedKey> shown = proxy.isEmpty() ? List.of(CertifiedKey.selfSigned(clock.instant())) : proxy;
            return new OwnCertificates(shown, admin.isEmpty() ? shown : admin);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make a certificate", e);
        }
    }

    /**
     * How the node speaks TLS to upstreams unless a service says otherwise.
     *
     * @throws StartFailure if a file of it cannot be used
     */
    static UpstreamTrust trust(TlsSettings tls) throws StartFailure {
        List<Problem> problems = new ArrayList<>();
        List<CertifiedKey> client = read(tls.client().stream().toList(), problems);
        List<X509Certificate> authorities = new ArrayList<>();
        for (Path file : tls.trusted()) {
            try {
                authorities.addAll(PemReader.certificates(Files.readString(file)));
            } catch (IOException | GeneralSecurityException e) {
                problems.add(new Problem(file.toString(), "", String.valueOf(e.getMessage())));
            }
        }
        if (!problems.isEmpty()) {
            throw StartFailure.of(problems);
        }
        return new UpstreamTrust(
                tls.verifyUpstreams(),
                tls.verifyDepth(),
                tls.trustSystem(),
                authorities,
                client.stream().findFirst());
    }

    private static List<CertifiedKey> read(List<KeyPairFiles> files, List<Problem> problems) {
        List<CertifiedKey> pairs = new ArrayList<>();
        for (KeyPairFiles pair : files) {
            try {
                pairs.add(CertifiedKey.read(Files.readString(pair.certificate()), Files.readString(pair.key())));
            } catch (IOException | GeneralSecurityException e) {
                problems.add(
                        new Problem(pair.certificate() + " with " + pair.key(), "", String.valueOf(e.getMessage())));
            }
        }
        return pairs;
    }
}
