package io.sluice.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.config.document.DeclarativeReader;
import io.sluice.node.config.document.DocumentLimits;
import io.sluice.node.config.document.EntityCheck;
import io.sluice.node.config.document.TextFormat;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TestAuthority.Issued;
import io.sluice.node.tls.TlsProfile;
import io.sluice.node.tls.UpstreamTrust;
import io.sluice.node.upstream.Kept;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.RouterFlavor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What services do not say themselves is said by their upstreams, and at last by the node. */
class ServiceTlsTest {

    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final TestAuthority STRANGER = TestAuthority.root("stranger");
    private static final Issued OF_SERVICE = AUTHORITY.issue("service.test");
    private static final Issued OF_UPSTREAM = AUTHORITY.issue("upstream.test");
    private static final CertifiedKey OF_NODE = AUTHORITY.issue("node.test").read();
    private static final UpstreamTrust NODE =
            new UpstreamTrust(true, 3, false, List.of(STRANGER.certificate()), Optional.of(OF_NODE));
    private static final String CERTIFICATES = """
            _format_version: '3.0'
            certificates:
            - {id: aaaaaaaa-0000-4000-8000-000000000001, cert: SERVICE_CERT, key: SERVICE_KEY}
            - {id: aaaaaaaa-0000-4000-8000-000000000002, cert: UPSTREAM_CERT, key: UPSTREAM_KEY}
            ca_certificates:
            - {id: aaaaaaaa-0000-4000-8000-000000000003, cert: AUTHORITY}
            upstreams:
            - {name: own, client_certificate: aaaaaaaa-0000-4000-8000-000000000002}
            - {name: bare}
            services:
            """.replace("SERVICE_CERT", quoted(OF_SERVICE.certificates()))
            .replace("SERVICE_KEY", quoted(OF_SERVICE.key()))
            .replace("UPSTREAM_CERT", quoted(OF_UPSTREAM.certificates()))
            .replace("UPSTREAM_KEY", quoted(OF_UPSTREAM.key()))
            .replace("AUTHORITY", quoted(AUTHORITY.pem()));

    private static String quoted(String pem) {
        return '"' + pem.replace("\n", "\\n") + '"';
    }

    /** Remembers by what profiles are shared. */
    private static final class Remembering implements Kept {
        private final Map<Object, AutoCloseable> all = new HashMap<>();

        @Override
        @SuppressWarnings("unchecked")
        public <T extends AutoCloseable> T use(Object key, Supplier<T> open) {
            return (T) all.computeIfAbsent(key, missing -> open.get());
        }

        List<TlsProfile.Rules> rules() {
            return all.keySet().stream()
                    .filter(TlsProfile.Rules.class::isInstance)
                    .map(TlsProfile.Rules.class::cast)
                    .toList();
        }
    }

    private final Remembering kept = new Remembering();

    private ServiceTls tls(UpstreamTrust node, String services) {
        EntityCheck check = new EntityCheck(
                PluginRegistry.of(List.of()), RouterFlavor.TRADITIONAL_COMPATIBLE, InstantSource.system());
        var reader = new DeclarativeReader(check, new Random(7), InstantSource.system(), DocumentLimits.DEFAULT);
        var read = reader.read(CERTIFICATES + services, TextFormat.YAML);
        GatewayConfig config = read.config().orElseThrow(() -> new AssertionError(read.problems()));
        return ServiceTls.of(config, node, kept);
    }

    /** The rules of the only service. */
    private TlsProfile.Rules rules(UpstreamTrust node, String service) {
        assertThat(tls(node, "- {name: s, " + service + "}\n").problems()).isEmpty();
        return kept.rules().get(0);
    }

    private static X509Certificate shown(TlsProfile.Rules rules) {
        CertifiedKey client = rules.client();
        return client == null ? null : client.chain().get(0);
    }

    @Test
    void theServicesCertificateIsShownFirst() {
        String service = "protocol: https, host: own, client_certificate: aaaaaaaa-0000-4000-8000-000000000001";

        assertThat(shown(rules(NODE, service)))
                .isEqualTo(OF_SERVICE.read().chain().get(0));
    }

    @Test
    void thenTheUpstreams() {
        assertThat(shown(rules(NODE, "protocol: wss, host: own")))
                .isEqualTo(OF_UPSTREAM.read().chain().get(0));
    }

    @Test
    void thenTheNodes() {
        assertThat(shown(rules(NODE, "protocol: grpcs, host: bare")))
                .isEqualTo(OF_NODE.chain().get(0));
    }

    @Test
    void elseNone() {
        assertThat(shown(rules(UpstreamTrust.DEFAULT, "protocol: https, host: elsewhere.test")))
                .isNull();
    }

    @Test
    void theNodeVerifiesForServicesThatSayNothing() {
        TlsProfile.Rules rules = rules(NODE, "protocol: https, host: bare");

        assertThat(rules.verify()).isTrue();
        assertThat(rules.depth()).isEqualTo(3);
        assertThat(rules.authorities()).isEmpty(); // those of the node
    }

    @Test
    void whatAServiceSaysCounts() {
        TlsProfile.Rules rules = rules(
                NODE,
                "protocol: https, host: bare, tls_verify: true, tls_verify_depth: 1,"
                        + " ca_certificates: [aaaaaaaa-0000-4000-8000-000000000003]");

        assertThat(rules.depth()).isEqualTo(1);
        assertThat(rules.authorities()).containsExactly(AUTHORITY.certificate());
    }

    @Test
    void aServiceMayDoWithoutVerification() {
        assertThat(rules(NODE, "protocol: https, host: bare, tls_verify: false").verify())
                .isFalse();
    }

    @Test
    void servicesThatSayTheSameShareAProfileAndPlainOnesHaveNone() {
        ServiceTls all = tls(
                NODE,
                "- {name: a, protocol: https, host: one.test}\n- {name: b, protocol: grpcs, host: two.test}\n"
                        + "- {name: c, protocol: https, host: one.test, tls_verify: false}\n"
                        + "- {name: d, protocol: http, host: one.test}\n");

        assertThat(all.profiles()).hasSize(3);
        assertThat(all.profiles().values().stream().distinct()).hasSize(2);
    }
}
