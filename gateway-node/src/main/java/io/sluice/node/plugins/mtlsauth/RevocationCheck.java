package io.sluice.node.plugins.mtlsauth;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.PKIXRevocationChecker;
import java.util.Date;

/**
 * Asks the authorities of a path whether its certificates still stand: by OCSP, else by the lists (CRL) that the certificates
 * name. Java fetches and keeps what it needs. Blocks, so for threads of its own. Thread-safe.
 */
@SuppressWarnings("JavaUtilDate") // PKIX takes nothing else
final class RevocationCheck {

    private RevocationCheck() {}

    /** What was found out. */
    enum Found {
        GOOD,
        REVOKED,
        UNKNOWN
    }

    /** @param millis the time that counts */
    static Found ask(ChainCheck.Path path, long millis) throws GeneralSecurityException {
        if (path.path().getCertificates().isEmpty()) {
            return Found.GOOD;
        }
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
        try {
            ChainCheck.validate(path.path(), path.anchor(), new Date(millis), checker);
            return Found.GOOD;
        } catch (CertPathValidatorException e) {
            return e.getReason() == BasicReason.REVOKED ? Found.REVOKED : Found.UNKNOWN;
        }
    }
}
