package io.sluice.node.observe;

import io.sluice.node.tls.CertificateView;
import io.sluice.node.tls.CertificateView.Shown;
import io.sluice.node.tls.CertifiedKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the configuration's certificates are still valid: a metric, and a warning for each that is shown although it is not.
 * Thread-safe.
 */
public final class CertificateGauges {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateGauges.class);
    private static final Duration DAY = Duration.ofDays(1);

    private final Supplier<CertificateView> certificates;
    private final InstantSource clock;
    private final Map<UUID, Instant> warned = new HashMap<>();

    public CertificateGauges(Supplier<CertificateView> certificates, InstantSource clock) {
        this.certificates = certificates;
        this.clock = clock;
    }

    /** Writes the family; nothing without certificates. */
    void write(MetricsText text) {
        CertificateView view = certificates.get();
        if (view.all().isEmpty()) {
            return;
        }
        String family = "sluice_certificate_days_left";
        text.family(family, "gauge", "Days until a certificate expires, below zero if it has");
        Instant now = clock.instant();
        for (Shown shown : view.all()) {
            for (CertifiedKey pair : shown.pairs()) {
                String labels = MetricsText.labels("certificate", shown.id().toString(), "key_type", pair.type());
                text.sample(
                        family, labels, Duration.between(now, pair.expiry()).toSeconds() / (double) DAY.toSeconds());
            }
        }
    }

    /** Warns of every certificate that has expired, once a day however often this is called. */
    public synchronized void warn() {
        Instant now = clock.instant();
        Set<UUID> known = new HashSet<>();
        for (Shown shown : certificates.get().all()) {
            known.add(shown.id());
            Instant expiry = first(shown);
            Instant before = warned.get(shown.id());
            if (expiry.isBefore(now) && (before == null || !before.plus(DAY).isAfter(now))) {
                warned.put(shown.id(), now);
                LOG.atWarn()
                        .addKeyValue("certificate", shown.id())
                        .addKeyValue("names", shown.names())
                        .addKeyValue("expired", expiry)
                        .log("a certificate has expired and is still shown");
            }
        }
        warned.keySet().retainAll(known);
    }

    private static Instant first(Shown shown) {
        Instant first = Instant.MAX;
        for (CertifiedKey pair : shown.pairs()) {
            first = pair.expiry().isBefore(first) ? pair.expiry() : first;
        }
        return first;
    }
}
