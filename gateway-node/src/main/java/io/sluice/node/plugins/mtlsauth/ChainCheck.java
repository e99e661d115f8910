package io.sluice.node.plugins.mtlsauth;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether a chain of certificates leads from a client to one of the authorities, by Java's PKIX rules (RFC 5280 section 6).
 * Takes milliseconds, so not for event loops. Thread-safe.
 *
 * <p>Paths are built by following signatures, without going back: a hostile heap of certificates of one name and key, for which
 * a search would try every order, costs no more than a few hundred signatures.
 */
@SuppressWarnings("JavaUtilDate") // PKIX takes nothing else
final class ChainCheck {

    private static final String CLIENTS = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";
    private static final int LONGEST = 16;

    private final List<Authority> ends = new ArrayList<>();
    private final List<X509Certificate> between = new ArrayList<>();
    private final Map<UUID, X509Certificate> all;

    private record Authority(UUID id, X509Certificate certificate) {}

    /**
     * A path that was found good.
     *
     * @param path from the client's certificate up, without the authority's
     * @param issuers ids of the authorities that are on the path or at its end
     * @param whole all of it, the authority's certificate last
     */
    record Path(CertPath path, TrustAnchor anchor, List<UUID> issuers, List<X509Certificate> whole) {}

    /**
     * @param authorities by their ids
     * @param partial whether each of them may end a path; else only those that sign themselves
     */
    ChainCheck(Map<UUID, X509Certificate> authorities, boolean partial) {
        this.all = Map.copyOf(authorities);
        authorities.forEach((id, certificate) -> {
            boolean root = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
            if (partial || root) {
                ends.add(new Authority(id, certificate));
            } else {
                between.add(certificate);
            }
        });
    }

    /** Reads an authority's certificate. */
    static X509Certificate read(String pem) throws GeneralSecurityException {
        byte[] bytes = pem.strip().getBytes(StandardCharsets.US_ASCII);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    /**
     * Finds and verifies the path of a client.
     *
     * @param shown the client's certificate first, others in any order
     * @param millis the time that it must be valid at
     * @throws GeneralSecurityException if there is none, or it breaks a rule
     */
    Path verify(List<X509Certificate> shown, long millis) throws GeneralSecurityException {
        X509Certificate own = shown.get(0);
        if (!forClients(own)) {
            throw new GeneralSecurityException("the certificate is not for TLS clients");
        }
        List<X509Certificate> path = new ArrayList<>(List.of(own));
        List<X509Certificate> others = new ArrayList<>(shown.subList(1, shown.size()));
        others.addAll(between);
        Authority end = null;
        while (end == null && path.size() <= LONGEST) {
            X509Certificate last = path.get(path.size() - 1);
            end = end(last);
            X509Certificate next = end == null ? issuer(last, others) : null;
            if (end == null && next == null) {
                throw new GeneralSecurityException("no path to a trusted authority");
            }
            if (next != null) {
                others.remove(next);
                path.add(next);
            }
        }
        if (end == null) {
            throw new GeneralSecurityException("the path is too long");
        }
        path.removeIf(end.certificate()::equals);
        return validated(path, end, millis);
    }

    private Path validated(List<X509Certificate> certificates, Authority end, long millis)
            throws GeneralSecurityException {
        TrustAnchor anchor = new TrustAnchor(end.certificate(), null);
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(certificates);
        Date now = new Date(millis);
        end.certificate().checkValidity(now); // Java does not look at the end's own
        if (!certificates.isEmpty()) { // else the client's certificate is itself an authority's
            validate(path, anchor, now, null);
        }
        List<UUID> issuers = new ArrayList<>(List.of(end.id()));
        all.forEach((id, certificate) -> {
            if (certificates.contains(certificate)) {
                issuers.add(id);
            }
        });
        List<X509Certificate> whole = new ArrayList<>(certificates);
        whole.add(end.certificate());
        return new Path(path, anchor, List.copyOf(issuers), List.copyOf(whole));
    }

    /** Java's rules for a path, maybe with one more. */
    static void validate(CertPath path, TrustAnchor anchor, Date now, @Nullable PKIXCertPathChecker more)
            throws GeneralSecurityException {
        PKIXParameters rules = new PKIXParameters(Set.of(anchor));
        rules.setRevocationEnabled(false);
        rules.setDate(now);
        if (more != null) {
            rules.addCertPathChecker(more);
        }
        CertPathValidator.getInstance("PKIX").validate(path, rules);
    }

    private @Nullable Authority end(X509Certificate of) {
        for (Authority authority : ends) {
            if (authority.certificate().equals(of) || signed(of, authority.certificate())) {
                return authority;
            }
        }
        return null;
    }

    private static @Nullable X509Certificate issuer(X509Certificate of, List<X509Certificate> candidates) {
        for (X509Certificate candidate : candidates) {
            if (!candidate.equals(of) && signed(of, candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean signed(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            PublicKey key = issuer.getPublicKey();
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean forClients(X509Certificate certificate) throws CertificateParsingException {
        List<String> uses = certificate.getExtendedKeyUsage();
        boolean[] keyUse = certificate.getKeyUsage();
        boolean use = uses == null || uses.contains(CLIENTS) || uses.contains(ANY_USE);
        return use && (keyUse == null || keyUse[0]); // digitalSignature
    }
}
