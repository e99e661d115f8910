package io.sluice.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.CapturedLog;
import io.sluice.node.tls.CertificateView;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TestAuthority.Issued;
import io.sluice.state.model.Certificate;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Sni;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CertificateGaugesTest {

    private static final UUID ID = new UUID(0, 7);

    private Instant now = Instant.now();

    private CertificateGauges gauges(Duration validFor) {
        Issued issued = TestAuthority.root("gauge").issue("EC", validFor, "old.test");
        GatewayConfig none = GatewayConfig.EMPTY;
        CertificateView view = CertificateView.of(
                new GatewayConfig(
                        none.hash(),
                        none.services(),
                        none.routes(),
                        none.consumers(),
                        none.consumerGroups(),
                        none.credentials(),
                        none.plugins(),
                        none.upstreams(),
                        none.targets(),
                        List.of(new Certificate(ID, issued.certificates(), issued.key(), null, null, List.of(), 0, 0)),
                        List.of(new Sni(ID, "old.test", ID, List.of(), 0, 0)),
                        none.caCertificates(),
                        none.vaults(),
                        none.keySets(),
                        none.keys()),
                CertifiedKey::read);
        return new CertificateGauges(() -> view, () -> now);
    }

    private static List<String> warnings(CapturedLog log) {
        return log.lines().stream().filter(line -> line.startsWith("WARN")).toList();
    }

    @Test
    void tellsTheDaysThatAreLeft() {
        MetricsText text = new MetricsText();

        gauges(Duration.ofDays(10)).write(text);

        String line = new String(text.bytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(one -> one.startsWith("sluice_certificate_days_left{"))
                .findFirst()
                .orElseThrow();
        assertThat(line).contains("certificate=\"" + ID + "\"").contains("key_type=\"EC\"");
        assertThat(Double.parseDouble(line.substring(line.indexOf(' ') + 1))).isBetween(9.9, 10.0);
    }

    @Test
    void warnsOfAnExpiredCertificateOnceADay() {
        CertificateGauges gauges = gauges(Duration.ofHours(-1));
        try (CapturedLog log = CapturedLog.of(CertificateGauges.class)) {
            gauges.warn();
            now = now.plus(Duration.ofHours(23));
            gauges.warn();

            assertThat(warnings(log))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("a certificate has expired and is still shown")
                            .contains(ID.toString())
                            .contains("old.test"));
            now = now.plus(Duration.ofHours(1));
            gauges.warn();
            assertThat(warnings(log)).hasSize(2);
        }
    }

    @Test
    void saysNothingOfValidCertificates() {
        try (CapturedLog log = CapturedLog.of(CertificateGauges.class)) {
            gauges(Duration.ofDays(1)).warn();

            assertThat(log.lines()).isEmpty();
        }
    }
}
