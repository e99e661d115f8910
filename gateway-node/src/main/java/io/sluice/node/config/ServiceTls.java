package io.sluice.node.config;

import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.PemReader;
import io.sluice.node.tls.TlsProfile;
import io.sluice.node.tls.UpstreamTrust;
import io.sluice.node.upstream.Kept;
import io.sluice.state.model.CaCertificate;
import io.sluice.state.model.Certificate;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Service;
import io.sluice.state.model.Upstream;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the services of a configuration speak TLS to their upstreams. Services that say the same share a profile, also from one
 * revision to the next, and with it connections and sessions.
 */
final class ServiceTls {

    private static final Set<Protocol> SECURE = Set.of(Protocol.HTTPS, Protocol.WSS, Protocol.GRPCS);

    private final UpstreamTrust trust;
    private final Kept kept;
    private final KeptPairs pairs;
    private final Map<UUID, Certificate> certificates = new HashMap<>();
    private final Map<UUID, CaCertificate> authorities = new HashMap<>();
    private final Map<String, Upstream> upstreams = new HashMap<>();
    private final Map<UUID, TlsProfile> profiles = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private ServiceTls(GatewayConfig config, UpstreamTrust trust, Kept kept) {
        this.trust = trust;
        this.kept = kept;
        this.pairs = new KeptPairs(kept);
        config.certificates().forEach(one -> certificates.put(one.id(), one));
        config.caCertificates().forEach(one -> authorities.put(one.id(), one));
        config.upstreams().forEach(one -> upstreams.put(one.name(), one));
    }

    static ServiceTls of(GatewayConfig config, UpstreamTrust trust, Kept kept) {
        ServiceTls all = new ServiceTls(config, trust, kept);
        config.services().stream()
                .filter(service -> SECURE.contains(service.protocol()))
                .forEach(all::add);
        return all;
    }

    /** By the service's id; services whose certificates cannot be used are not in it. */
    Map<UUID, TlsProfile> profiles() {
        return Map.copyOf(profiles);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    private void add(Service service) {
        try {
            TlsProfile.Rules rules = rules(service);
            Made made = kept.use(rules, () -> Made.of(rules, trust));
            TlsProfile profile = made.profile();
            if (profile == null) {
                throw new GeneralSecurityException(made.failure());
            }
            profiles.put(service.id(), profile);
        } catch (GeneralSecurityException e) {
            String name = service.name() == null ? service.id().toString() : service.name();
            problems.add(
                    new Problem("service '" + name + "'", "tls", e.getMessage() + "; its requests are answered 502"));
        }
    }

    private TlsProfile.Rules rules(Service service) throws GeneralSecurityException {
        boolean verify = service.tlsVerify() == null ? trust.verify() : service.tlsVerify();
        int depth = service.tlsVerifyDepth() == null ? trust.depth() : service.tlsVerifyDepth();
        List<X509Certificate> trusted = new ArrayList<>();
        for (UUID id : verify ? service.caCertificates() : List.<UUID>of()) {
            trusted.addAll(authority(id));
        }
        return new TlsProfile.Rules(verify, verify ? depth : 0, List.copyOf(trusted), client(service));
    }

    private List<X509Certificate> authority(UUID id) throws GeneralSecurityException {
        CaCertificate authority = authorities.get(id);
        if (authority == null) {
            throw new GeneralSecurityException("ca_certificate '" + id + "' is not there");
        }
        try {
            return PemReader.certificates(authority.cert());
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException("ca_certificate '" + id + "': " + e.getMessage(), e);
        }
    }

    /** The service's own certificate, else its upstream's, else the node's. */
    private @Nullable CertifiedKey client(Service service) throws GeneralSecurityException {
        UUID id = service.clientCertificate();
        Upstream upstream = upstreams.get(service.host());
        if (id == null && upstream != null) {
            id = upstream.clientCertificate();
        }
        if (id == null) {
            return trust.client().orElse(null);
        }
        Certificate certificate = certificates.get(id);
        if (certificate == null) {
            throw new GeneralSecurityException("certificate '" + id + "' is not there");
        }
        try {
            return pairs.read(certificate.cert(), certificate.key());
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException("certificate '" + id + "': " + e.getMessage(), e);
        }
    }

    private record Made(
            @Nullable TlsProfile profile, @Nullable String failure) implements AutoCloseable {

        static Made of(TlsProfile.Rules rules, UpstreamTrust trust) {
            try {
                return new Made(TlsProfile.of(rules, trust), null);
            } catch (GeneralSecurityException e) {
                return new Made(null, e.getMessage());
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
