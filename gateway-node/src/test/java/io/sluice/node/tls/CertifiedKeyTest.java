package io.sluice.node.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertifiedKeyTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void selfSignedCertificateVerifiesItselfAndNamesLocalhost() throws Exception {
        X509Certificate certificate = CertifiedKey.selfSigned(NOW).chain().get(0);

        assertThatCode(() -> certificate.verify(certificate.getPublicKey())).doesNotThrowAnyException();
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
    }

    @Test
    void selfSignedCertificateIsValidNowAndForYears() throws Exception {
        X509Certificate certificate = CertifiedKey.selfSigned(NOW).chain().get(0);

        assertThatCode(() -> certificate.checkValidity(Date.from(NOW))).doesNotThrowAnyException();
        assertThatCode(() -> certificate.checkValidity(Date.from(NOW.plus(3000, ChronoUnit.DAYS))))
                .doesNotThrowAnyException();
    }

    @Test
    void noTwoCertificatesShareASerialNumber() throws Exception {
        assertThat(CertifiedKey.selfSigned(NOW).chain().get(0).getSerialNumber())
                .isNotEqualTo(CertifiedKey.selfSigned(NOW).chain().get(0).getSerialNumber());
    }
}
