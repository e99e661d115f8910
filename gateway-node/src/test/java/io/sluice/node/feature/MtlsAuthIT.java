package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sluice.node.proxy.RawClient;
import io.sluice.node.proxy.TlsClient;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.OcspResponder;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TestAuthority.More;
import io.sluice.node.tls.TlsRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients are known by the certificate of their connection. */
class MtlsAuthIT {

    private static final TestAuthority SERVER = TestAuthority.root("server authority");
    private static final TestAuthority CLIENTS = TestAuthority.root("clients");
    private static final TestAuthority STRANGERS = TestAuthority.root("strangers");
    private static final String CA = "aaaaaaaa-0000-4000-8000-000000000001";
    private static final String OTHER_CA = "aaaaaaaa-0000-4000-8000-000000000002";
    private static final String MISSING = "No required TLS certificate was sent";
    private static final String REFUSED = "TLS certificate failed verification";

    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/], strip_path: false}
            consumers:
            - {username: alice.test, id: 11111111-1111-4111-8111-111111111111, acls: [{group: staff}]}
            - {username: bob, custom_id: bob.test}
            - {username: carol}
            - {username: dave}
            - {username: nobody}
            """ + authorities();

    private static String authorities() {
        return "ca_certificates:\n- {id: " + CA + ", cert: " + quoted(CLIENTS.pem()) + "}\n- {id: " + OTHER_CA
                + ", cert: " + quoted(STRANGERS.pem()) + "}\n";
    }

    private static String quoted(String pem) {
        return '"' + pem.replace("\n", "\\n") + '"';
    }

    private static String plugin(String more) {
        return BASE + "plugins:\n- {name: mtls-auth, config: {ca_certificates: [" + CA
                + "], revocation_check_mode: SKIP" + more + "}}\n";
    }

    private static InetSocketAddress tls(Pipeline pipeline) {
        return pipeline.gateway()
                .listenTls(TlsRules.DEFAULT, SERVER.issue("gateway.test").read());
    }

    private static RawClient.Response get(InetSocketAddress address, CertifiedKey own) {
        return TlsClient.showing(own).get(address, "gateway.test", "gateway.test");
    }

    private static CertifiedKey client(String... names) {
        return CLIENTS.issue(names).read();
    }

    @Test
    void aTrustedCertificateNamesItsConsumer() throws Exception {
        try (Pipeline pipeline = Pipeline.of(plugin(""))) {
            InetSocketAddress address = tls(pipeline);

            assertThat(get(address, client("alice.test")).status()).isEqualTo(200);
            EchoUpstream.Seen alice = pipeline.seen();
            assertThat(get(address, client("x.test", "bob.test")).status()).isEqualTo(200);
            EchoUpstream.Seen bob = pipeline.seen();

            assertThat(alice.header("X-Consumer-Username")).contains("alice.test");
            assertThat(alice.header("X-Client-Cert-Dn")).isEmpty();
            assertThat(bob.header("X-Consumer-Username")).contains("bob");
        }
    }

    @Test
    void whoeverShowsNoneOrAnUntrustedOneIsToldWhich() {
        try (Pipeline pipeline = Pipeline.of(plugin(""))) {
            InetSocketAddress address = tls(pipeline);
            List<CertifiedKey> untrusted = List.of(
                    STRANGERS.issue("alice.test").read(),
                    CLIENTS.issue("EC", Duration.ofDays(-1), "alice.test").read(),
                    CLIENTS.issue(More.use("1.3.6.1.5.5.7.3.1"), "alice.test").read(),
                    selfSigned(),
                    client("unknown.test"));

            RawClient.Response none = TlsClient.create().get(address, "gateway.test", "gateway.test");
            RawClient.Response plain = pipeline.send("GET /");

            assertThat(none.status()).isEqualTo(401);
            assertThat(none.body()).contains(MISSING);
            assertThat(plain.status()).isEqualTo(401);
            assertThat(plain.body()).contains(MISSING);
            for (CertifiedKey own : untrusted) {
                RawClient.Response response = get(address, own);
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.body()).contains(REFUSED);
            }
        }
    }

    private static CertifiedKey selfSigned() {
        try {
            return CertifiedKey.selfSigned(Instant.now());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCertificateForClientsIsTaken() {
        try (Pipeline pipeline = Pipeline.of(plugin(""))) {
            CertifiedKey own =
                    CLIENTS.issue(More.use("1.3.6.1.5.5.7.3.2"), "alice.test").read();

            assertThat(get(tls(pipeline), own).status()).isEqualTo(200);
        }
    }

    @Test
    void chainsOfTenCertificatesAreFollowed() {
        TestAuthority lowest = CLIENTS;
        for (int i = 0; i < 9; i++) {
            lowest = lowest.intermediate("between " + i);
        }
        CertifiedKey ten = lowest.issue("alice.test").read();
        TestAuthority strangers = STRANGERS;
        for (int i = 0; i < 9; i++) {
            strangers = strangers.intermediate("between " + i);
        }
        CertifiedKey stranger = strangers.issue("alice.test").read();
        try (Pipeline pipeline = Pipeline.of(plugin(""))) {
            InetSocketAddress address = tls(pipeline);

            assertThat(ten.chain()).hasSize(10);
            assertThat(get(address, ten).status()).isEqualTo(200);
            assertThat(get(address, stranger).status()).isEqualTo(401);
        }
    }

    @Test
    void manyCertificatesOfOneNameAndKeyDoNotTakeLong() {
        CertifiedKey own = client("alice.test");
        List<X509Certificate> heap = new ArrayList<>(List.of(own.chain().get(0)));
        for (int i = 0; i < 9; i++) {
            heap.add(STRANGERS.certificate());
        }
        try (Pipeline pipeline = Pipeline.of(plugin(""))) {
            long start = System.nanoTime();

            assertThat(get(tls(pipeline), new CertifiedKey(heap, own.key())).status())
                    .isEqualTo(200);
            assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
        }
    }

    @Test
    void withPartOfAChainOnlyIfThatIsAllowed() {
        TestAuthority between = STRANGERS.intermediate("between");
        String authorities = BASE + "- {id: aaaaaaaa-0000-4000-8000-000000000003, cert: " + quoted(between.pem())
                + "}\nplugins:\n- {name: mtls-auth, config: {revocation_check_mode: SKIP, ca_certificates:"
                + " [aaaaaaaa-0000-4000-8000-000000000003]";
        CertifiedKey own = between.issue("alice.test").read();
        try (Pipeline whole = Pipeline.of(authorities + "}}\n");
                Pipeline part = Pipeline.of(authorities + ", allow_partial_chain: true}}\n")) {
            assertThat(get(tls(whole), own).status()).isEqualTo(401);
            assertThat(get(tls(part), own).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void resumedSessionsKeepTheirCertificate(String version) throws Exception {
        try (Pipeline pipeline = Pipeline.of(plugin(""))) {
            InetSocketAddress address = tls(pipeline);
            TlsClient client = TlsClient.showing(client("alice.test")).protocols(version);
            client.get(address, "gateway.test", "gateway.test");
            assertThat(client.wasShownOne()).isTrue();

            assertThat(client.get(address, "gateway.test", "gateway.test").status())
                    .isEqualTo(200);
            assertThat(client.wasShownOne()).isFalse();
            assertThat(pipeline.seen().header("X-Consumer-Username")).contains("alice.test");
            assertThat(pipeline.seen().header("X-Consumer-Username")).contains("alice.test");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionsFromBeforeThePluginDoNotKeepClientsOut(String version) {
        try (Pipeline pipeline = Pipeline.of(BASE)) {
            InetSocketAddress address = tls(pipeline);
            TlsClient client = TlsClient.showing(client("alice.test")).protocols(version);
            client.get(address, "gateway.test", "gateway.test");

            pipeline.reload(plugin(""));

            assertThat(client.get(address, "gateway.test", "gateway.test").status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,CN=clients", "TLSv1.3,CN=clients"})
    void clientsAreToldAuthoritiesOnlyIfThatIsWanted(String version, String name) {
        CertifiedKey own = client("alice.test");
        try (Pipeline quiet = Pipeline.of(plugin(""));
                Pipeline telling = Pipeline.of(plugin(", send_ca_dn: true"));
                Pipeline without = Pipeline.of(BASE)) {
            assertThat(TlsClient.told(own, tls(quiet), "gateway.test")).isEmpty();
            assertThat(TlsClient.told(own, tls(telling), "gateway.test")).containsExactly(name);
            assertThat(TlsClient.told(own, tls(without), "gateway.test")).isNull();
        }
    }

    @Test
    void clientsAreAskedOnlyForTheServerNamesOfItsRoutes() throws IOException {
        String yaml = BASE.replace(
                "consumers:\n",
                "- {name: guarded, service: s, paths: [/], protocols: [https], snis: [guarded.test, '*.in.test'],"
                        + " plugins: [{name: mtls-auth, config: {revocation_check_mode: SKIP,"
                        + " ca_certificates: ["
                        + CA + "]}}]}\nconsumers:\n");
        CertifiedKey own = client("alice.test");
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            InetSocketAddress address = tls(pipeline);

            assertThat(TlsClient.told(own, address, "guarded.test")).isNotNull();
            assertThat(TlsClient.told(own, address, "GUARDED.test")).isNotNull();
            assertThat(TlsClient.told(own, address, "a.in.test")).isNotNull();
            assertThat(TlsClient.told(own, address, "open.test")).isNull();
            assertThat(TlsClient.told(own, address, null)).isNull();
            assertThat(TlsClient.showing(own)
                            .get(address, "guarded.test", "guarded.test")
                            .status())
                    .isEqualTo(200);
            assertThat(TlsClient.create().get(address, "open.test", "open.test").status())
                    .isEqualTo(200);
            assertThat(TlsClient.create()
                            .get(address, "open.test", "guarded.test")
                            .status())
                    .isEqualTo(421);
            assertThat(TlsClient.showing(own)
                            .get(address, "guarded.test", "x.in.test")
                            .status())
                    .isEqualTo(200);
            assertThat(TlsClient.showing(own)
                            .get(address, "guarded.test", "open.test")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void namesThatAreMappedComeFirst() throws Exception {
        String mapped = """
                mtls_auth_credentials:
                - {consumer: carol, subject_name: alice.test, ca_certificate: CA}
                - {consumer: dave, subject_name: mapped.test}
                - {consumer: nobody, subject_name: other.test, ca_certificate: OTHER}
                """.replace("CA}", CA + "}").replace("OTHER", OTHER_CA);
        try (Pipeline pipeline = Pipeline.of(plugin("") + mapped)) {
            InetSocketAddress address = tls(pipeline);
            get(address, client("alice.test"));
            get(address, client("x.test", "mapped.test"));

            assertThat(pipeline.seen().header("X-Consumer-Username")).contains("carol");
            assertThat(pipeline.seen().header("X-Consumer-Username")).contains("dave");
            assertThat(get(address, client("other.test")).status()).isEqualTo(401);
        }
    }

    @Test
    void consumersOwnNamesCountOnlyAsWanted() {
        try (Pipeline custom = Pipeline.of(plugin(", consumer_by: [custom_id]"));
                Pipeline none = Pipeline.of(plugin(", consumer_by: []"))) {
            InetSocketAddress address = tls(custom);

            assertThat(get(address, client("alice.test")).status()).isEqualTo(401);
            assertThat(get(address, client("bob.test")).status()).isEqualTo(200);
            assertThat(get(tls(none), client("bob.test")).status()).isEqualTo(401);
        }
    }

    @Test
    void strangersMayBeSomebody() throws Exception {
        try (Pipeline anonymous = Pipeline.of(plugin(", anonymous: nobody"));
                Pipeline fallback = Pipeline.of(plugin(", default_consumer: carol"))) {
            InetSocketAddress address = tls(anonymous);
            TlsClient.create().get(address, "gateway.test", "gateway.test");
            EchoUpstream.Seen without = anonymous.seen();
            get(address, STRANGERS.issue("alice.test").read());
            EchoUpstream.Seen untrusted = anonymous.seen();
            InetSocketAddress other = tls(fallback);
            get(other, client("unknown.test"));

            assertThat(without.header("X-Anonymous-Consumer")).contains("true");
            assertThat(untrusted.header("X-Consumer-Username")).contains("nobody");
            assertThat(fallback.seen().header("X-Consumer-Username")).contains("carol");
            assertThat(get(other, STRANGERS.issue("alice.test").read()).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void withoutConsumersTheNamesGoOnAndAreAGroup() throws Exception {
        String skip = ", skip_consumer_lookup: true";
        String acl = "- {name: acl, config: {allow: [alice.test], always_use_authenticated_groups: true}}\n";
        try (Pipeline pipeline = Pipeline.of(plugin(skip) + acl);
                Pipeline whole = Pipeline.of(plugin(skip + ", authenticated_group_by: DN")
                        + acl.replace("[alice", "['CN=alice").replace("test]", "test']"))) {
            InetSocketAddress address = tls(pipeline);
            RawClient.Response good;
            try (RawClient client =
                    TlsClient.showing(client("alice.test", "b.test")).raw(address, "gateway.test")) {
                good = client.send("GET / HTTP/1.1\r\nHost: gateway.test\r\nX-Client-Cert-Dn: CN=root\r\n\r\n")
                        .readResponse();
            }
            EchoUpstream.Seen seen = pipeline.seen();

            assertThat(good.status()).isEqualTo(200);
            assertThat(seen.headers("X-Client-Cert-Dn")).containsExactly("CN=alice.test");
            assertThat(seen.header("X-Client-Cert-San")).contains("alice.test,b.test");
            assertThat(seen.header("X-Consumer-Username")).isEmpty();
            assertThat(get(address, client("bob.test")).status()).isEqualTo(403);
            assertThat(get(tls(whole), client("alice.test")).status()).isEqualTo(200);
        }
    }

    @Test
    void certificatesThatWereTakenBackAreRefused() throws Exception {
        HttpServer lists = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger asked = new AtomicInteger();
        String url = "http://127.0.0.1:" + lists.getAddress().getPort() + "/list.crl";
        CertifiedKey good = CLIENTS.issue(More.list(url), "alice.test").read();
        CertifiedKey revoked = CLIENTS.issue(More.list(url), "alice.test").read();
        byte[] list = CLIENTS.revoked(revoked.chain().get(0));
        lists.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
            exchange.close();
        });
        lists.start();
        try (Pipeline strict = Pipeline.of(plugin("").replace("SKIP", "STRICT"));
                Pipeline lenient = Pipeline.of(plugin("").replace("SKIP", "IGNORE_CA_ERROR"))) {
            InetSocketAddress address = tls(strict);

            assertThat(get(address, good).status()).isEqualTo(200);
            assertThat(get(address, revoked).status()).isEqualTo(401);
            assertThat(get(tls(lenient), good).status()).isEqualTo(200);
            assertThat(get(tls(lenient), revoked).status()).isEqualTo(401);
            assertThat(asked.get()).isPositive();
        } finally {
            lists.stop(0);
        }
    }

    @Test
    void aResponderIsAskedFirst() throws Exception {
        try (OcspResponder responder = OcspResponder.of(CLIENTS);
                Pipeline strict = Pipeline.of(plugin("").replace("SKIP", "STRICT"));
                Pipeline lenient = Pipeline.of(plugin("").replace("SKIP", "IGNORE_CA_ERROR"))) {
            CertifiedKey good =
                    CLIENTS.issue(More.responder(responder.url()), "alice.test").read();
            CertifiedKey revoked =
                    CLIENTS.issue(More.responder(responder.url()), "alice.test").read();
            responder.revoke(revoked.chain().get(0));
            InetSocketAddress address = tls(strict);
            InetSocketAddress other = tls(lenient);

            assertThat(get(address, good).status()).isEqualTo(200);
            assertThat(get(address, revoked).status()).isEqualTo(401);
            assertThat(get(other, good).status()).isEqualTo(200);
            assertThat(get(other, revoked).status()).isEqualTo(401);
            assertThat(responder.asked()).isEqualTo(4);
        }
    }

    @Test
    void anAuthorityThatDoesNotAnswerIsWaitedForAsLongAsWanted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/list.crl";
            CertifiedKey own = CLIENTS.issue(More.list(url), "alice.test").read();
            String patience = ", http_timeout: 300";
            try (Pipeline strict = Pipeline.of(plugin(patience).replace("SKIP", "STRICT"));
                    Pipeline lenient = Pipeline.of(plugin(patience).replace("SKIP", "IGNORE_CA_ERROR"))) {
                assertThat(get(tls(strict), own).status()).isEqualTo(401);
                assertThat(get(tls(lenient), own).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void certificatesWithoutAListAreGoodOnlyIfThatIsEnough() {
        try (Pipeline strict = Pipeline.of(plugin("").replace("SKIP", "STRICT"));
                Pipeline lenient = Pipeline.of(plugin("").replace("SKIP", "IGNORE_CA_ERROR"))) {
            assertThat(get(tls(strict), client("alice.test")).status()).isEqualTo(401);
            assertThat(get(tls(lenient), client("alice.test")).status()).isEqualTo(200);
        }
    }

    @Test
    void manyRequestsOnManyConnectionsAreAllKnown() {
        CertifiedKey own = client("alice.test");
        try (Pipeline pipeline = Pipeline.of(plugin(", cert_cache_ttl: 0"))) {
            InetSocketAddress address = tls(pipeline);
            try (RawClient client = TlsClient.showing(own).raw(address, "gateway.test")) {
                client.send("GET / HTTP/1.1\r\nHost: gateway.test\r\n\r\n".repeat(20));
                for (int i = 0; i < 20; i++) {
                    assertThat(client.readResponse().status()).isEqualTo(200);
                }
            }
        }
    }
}
