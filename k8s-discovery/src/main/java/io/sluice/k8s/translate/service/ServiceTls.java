package io.sluice.k8s.translate.service;

import io.sluice.k8s.api.ConfigMap;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.api.Secret;
import io.sluice.k8s.api.Service;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Draft.Origin;
import io.sluice.k8s.translate.draft.Words;
import io.sluice.k8s.translate.ingress.CertificateTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The certificate that the gateway shows to a service, and the authorities that it trusts for it. */
public final class ServiceTls {

    private static final String CLIENT_CERTIFICATE = "konghq.com/client-cert";
    private static final String SECRETS = "konghq.com/ca-certificates-secrets";
    private static final String CONFIG_MAPS = "konghq.com/ca-certificates-configmaps";
    private static final Set<String> WITH_TLS = Set.of("https", "tls");

    private final Context context;
    private final CertificateTranslator certificates;
    private final Set<String> authorities;

    /** @param authorities the ids of those that are in the configuration */
    public ServiceTls(Context context, CertificateTranslator certificates, Set<String> authorities) {
        this.context = context;
        this.certificates = certificates;
        this.authorities = authorities;
    }

    /** Reads the client certificate that a service wants, so that all certificates are known before any is referred to. */
    void prepare(Service object) {
        String secret = object.metadata().annotation(CLIENT_CERTIFICATE).strip();
        if (!secret.isEmpty()) {
            certificates.prepareClient(object.metadata().namespace(), secret);
        }
    }

    void apply(Service object, Draft service) {
        Metadata metadata = object.metadata();
        boolean tls = WITH_TLS.contains(service.text("protocol"));
        String secret = metadata.annotation(CLIENT_CERTIFICATE).strip();
        if (!secret.isEmpty()) {
            if (tls) {
                clientCertificate(metadata, secret, service);
            } else {
                needsTls(metadata, CLIENT_CERTIFICATE, service);
            }
        }
        List<String> ids = new ArrayList<>();
        for (String key : List.of(SECRETS, CONFIG_MAPS)) {
            List<String> names = Words.of(metadata.annotation(key));
            if (names.isEmpty()) {
                continue;
            }
            if (!tls) {
                needsTls(metadata, key, service);
            } else if (!Boolean.TRUE.equals(service.get("tls_verify"))) {
                tell(
                        metadata,
                        key,
                        Quote.of(metadata.annotation(key)) + " (expected: konghq.com/tls-verify: \"true\")");
            } else {
                names.forEach(name -> authority(metadata, key, name).ifPresent(ids::add));
                service.set("ca_certificates", ids, new Origin(metadata.ref(), Context.annotation(key)));
            }
        }
        if (ids.isEmpty()) {
            service.remove("ca_certificates");
        }
    }

    private void clientCertificate(Metadata service, String name, Draft draft) {
        String place = Context.annotation(CLIENT_CERTIFICATE);
        certificates
                .forClient(service.namespace(), name, new Origin(service.ref(), place))
                .ifPresent(id -> draft.set("client_certificate", Map.of("id", id), new Origin(service.ref(), place)));
    }

    private Optional<String> authority(Metadata service, String key, String name) {
        boolean inSecret = key.equals(SECRETS);
        Optional<Map<String, String>> values = inSecret
                ? context.objects()
                        .find(Secret.class, service.namespace(), name)
                        .map(Secret::values)
                : context.objects()
                        .find(ConfigMap.class, service.namespace(), name)
                        .map(ConfigMap::values);
        String id = values.map(some -> some.getOrDefault("id", "")).orElse("");
        if (authorities.contains(id)) {
            return Optional.of(id);
        }
        String kind = inSecret ? "secret" : "config map";
        String expected = " (expected: a " + kind + " of namespace " + service.namespace()
                + " labelled konghq.com/ca-cert: \"true\" with a good certificate)";
        tell(service, key, Quote.of(name) + expected);
        return Optional.empty();
    }

    private void needsTls(Metadata metadata, String key, Draft service) {
        String reason = Quote.of(metadata.annotation(key)) + " (expected: konghq.com/protocol https or tls, it is "
                + service.text("protocol") + ")";
        tell(metadata, key, reason);
    }

    private void tell(Metadata metadata, String key, String reason) {
        context.findings().partly(metadata.ref(), Context.annotation(key), reason);
    }
}
