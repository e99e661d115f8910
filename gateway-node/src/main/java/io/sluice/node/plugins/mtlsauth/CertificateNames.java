package io.sluice.node.plugins.mtlsauth;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * The names in a certificate.
 *
 * @param whole the subject, as RFC 2253 writes it; may be empty
 * @param common the common name nearest to the subject's end; empty if it has none
 * @param alternatives the names of hosts, addresses of mail, URIs and IP addresses, in their order
 */
record CertificateNames(String whole, Optional<String> common, List<String> alternatives) {

    private static final int MAIL = 1;
    private static final int HOST = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    static CertificateNames of(X509Certificate certificate) {
        String whole = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
        return new CertificateNames(whole, common(whole), alternatives(certificate));
    }

    /** All names that may stand for a consumer: alternatives first. */
    List<String> all() {
        List<String> all = new ArrayList<>(alternatives);
        common.ifPresent(all::add);
        return all;
    }

    private static Optional<String> common(String whole) {
        try {
            List<Rdn> parts = new ArrayList<>(new LdapName(whole).getRdns());
            Collections.reverse(parts); // the most special one first
            for (Rdn part : parts) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    return Optional.of(name);
                }
            }
            return Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static List<String> alternatives(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> one : all == null ? List.<List<?>>of() : all) {
                int kind = one.get(0) instanceof Integer number ? number : -1;
                boolean usable = kind == MAIL || kind == HOST || kind == URI || kind == ADDRESS;
                if (usable && one.get(1) instanceof String name) {
                    names.add(name);
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return List.copyOf(names);
    }
}
