package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TestAuthority.Issued;
import io.sluice.state.model.CaCertificate;
import io.sluice.state.model.Certificate;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTlsIT {

    private static final TestAuthority AUTHORITY = TestAuthority.root("upstream authority");
    private static final TestAuthority STRANGER = TestAuthority.root("stranger");
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Issued CLIENT = AUTHORITY.issue("client.test");

    private final BlockingQueue<String> names = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> clients = new LinkedBlockingQueue<>();
    private RawUpstream upstream;
    private TestGateway gateway;

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    static SSLContext context(Issued issued) {
        try {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            CertifiedKey pair = issued.read();
            store.setKeyEntry("key", pair.key(), new char[0], pair.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {new Everybody()}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts an upstream that tells how it is spoken to, and the gateway before it. */
    private void start(Issued shown, UnaryOperator<Service> change) {
        start(shown, change, peer -> {
            SSLSocket socket = (SSLSocket) peer.socket();
            socket.setWantClientAuth(true);
            socket.startHandshake();
            var session = (ExtendedSSLSession) socket.getSession();
            names.add(
                    session.getRequestedServerNames().isEmpty()
                            ? "none"
                            : new String(
                                    session.getRequestedServerNames().get(0).getEncoded()));
            clients.add(client(socket));
            while (!peer.readHead().isEmpty()) {
                peer.write(OK);
            }
        });
    }

    private static String client(SSLSocket socket) {
        try {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException e) {
            return "none";
        }
    }

    private void start(Issued shown, UnaryOperator<Service> change, RawUpstream.Script script) {
        upstream = RawUpstream.startTls(context(shown), script);
        gateway = TestGateway.start(config(change));
    }

    private GatewayConfig config(UnaryOperator<Service> change) {
        Route route = Configs.route("r", "s", "/");
        Service service = change.apply(https(Configs.service("s", upstream.port(), null, 0, 5_000)));
        Route preserving = new Route(
                route.id(),
                route.name(),
                route.service(),
                route.protocols(),
                route.methods(),
                route.hosts(),
                route.paths(),
                route.headers(),
                route.snis(),
                route.sources(),
                route.destinations(),
                route.regexPriority(),
                route.stripPath(),
                route.pathHandling(),
                true,
                route.httpsRedirectStatusCode(),
                route.requestBuffering(),
                route.responseBuffering(),
                route.tags(),
                0,
                0);
        GatewayConfig base = Configs.of(List.of(service), List.of(preserving), List.of());
        return new GatewayConfig(
                base.hash(),
                base.services(),
                base.routes(),
                base.consumers(),
                base.consumerGroups(),
                base.credentials(),
                base.plugins(),
                base.upstreams(),
                base.targets(),
                List.of(
                        new Certificate(id("client"), CLIENT.certificates(), CLIENT.key(), null, null, List.of(), 0, 0),
                        new Certificate(id("broken"), CLIENT.certificates(), "no key", null, null, List.of(), 0, 0)),
                base.snis(),
                List.of(
                        new CaCertificate(id("authority"), AUTHORITY.pem(), "", List.of(), 0, 0),
                        new CaCertificate(id("stranger"), STRANGER.pem(), "", List.of(), 0, 0)),
                base.vaults(),
                base.keySets(),
                base.keys());
    }

    private static UUID id(String name) {
        return Configs.id(name);
    }

    private static Service https(Service service) {
        return with(service, null, null, null, List.of());
    }

    private static Service with(
            Service service, UUID certificate, Boolean verify, Integer depth, List<UUID> authorities) {
        return new Service(
                service.id(),
                service.name(),
                Protocol.HTTPS,
                service.host(),
                service.port(),
                service.path(),
                service.retries(),
                service.connectTimeout(),
                service.writeTimeout(),
                service.readTimeout(),
                certificate,
                verify,
                depth,
                authorities,
                service.enabled(),
                service.tags(),
                0,
                0);
    }

    private static UnaryOperator<Service> verifying(String authority, int depth) {
        return service -> with(service, null, true, depth, List.of(id(authority)));
    }

    private int status(String host) {
        return gateway.exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status();
    }

    @Test
    void asksForTheHostByNameAndNotForAddresses() throws Exception {
        start(AUTHORITY.issue("up.test"), service -> service);

        assertThat(status("Up.test:99")).isEqualTo(200);
        assertThat(names.poll(5, TimeUnit.SECONDS)).isEqualTo("up.test");
        assertThat(status("127.0.0.1")).isEqualTo(200);
        assertThat(names.poll(5, TimeUnit.SECONDS)).isEqualTo("none");
    }

    @Test
    void connectionsAreKeptPerNameAskedFor() {
        start(AUTHORITY.issue("up.test"), service -> service);
        try (RawClient client = gateway.client()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
                assertThat(client.send("GET / HTTP/1.1\r\nHost: b.test\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
            }
        }

        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void connectionsAreKeptOverAChangeOfTheConfiguration() {
        start(AUTHORITY.issue("up.test"), verifying("authority", 1));
        try (RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: up.test\r\n\r\n").readResponse();
            gateway.configure(config(verifying("authority", 1)));
            client.send("GET / HTTP/1.1\r\nHost: up.test\r\n\r\n").readResponse();
            assertThat(upstream.connections()).isEqualTo(1);

            gateway.configure(config(verifying("authority", 2)));
            client.send("GET / HTTP/1.1\r\nHost: up.test\r\n\r\n").readResponse();
            assertThat(upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void verifiesTheNameAndTheAuthority() {
        start(AUTHORITY.issue("up.test", "127.0.0.1"), verifying("authority", 1));

        assertThat(status("up.test")).isEqualTo(200);
        assertThat(status("127.0.0.1")).isEqualTo(200);
        assertThat(status("other.test")).isEqualTo(502);
        gateway.configure(config(verifying("stranger", 1)));
        assertThat(status("up.test")).isEqualTo(502);
    }

    @Test
    void trustsNoUnknownAuthorityByItself() {
        start(AUTHORITY.issue("up.test"), service -> with(service, null, true, null, List.of()));

        assertThat(status("up.test")).isEqualTo(502);
        assertThat(upstream.pendingHeads()).isZero();
    }

    @Test
    void acceptsChainsUpToTheDepth() {
        Issued deep = AUTHORITY.intermediate("one").intermediate("two").issue("up.test");
        start(deep, verifying("authority", 2));

        assertThat(status("up.test")).isEqualTo(200);
        gateway.configure(config(verifying("authority", 1)));
        assertThat(status("up.test")).isEqualTo(502);
    }

    @Test
    void showsTheServicesCertificate() throws Exception {
        start(AUTHORITY.issue("up.test"), service -> with(service, id("client"), null, null, List.of()));

        assertThat(status("up.test")).isEqualTo(200);
        assertThat(clients.poll(5, TimeUnit.SECONDS)).isEqualTo("CN=client.test");
        gateway.configure(config(service -> service));
        assertThat(status("up.test")).isEqualTo(200);
        assertThat(clients.poll(5, TimeUnit.SECONDS)).isEqualTo("none");
    }

    @Test
    void aBrokenClientCertificateIsAProblemAndNothingIsSentWithoutIt() {
        start(AUTHORITY.issue("up.test"), service -> with(service, id("broken"), null, null, List.of()));

        assertThat(status("up.test")).isEqualTo(502);
        assertThat(upstream.connections()).isZero();
        assertThat(gateway.revision().problems())
                .anySatisfy(problem -> assertThat(problem.toString())
                        .contains("service 's'")
                        .contains("certificate '" + id("broken") + "'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void largeBodiesPassBothWays(String version) {
        int length = 2_500_000;
        byte[] body = new byte[length];
        new Random(3).nextBytes(body);
        start(AUTHORITY.issue("up.test"), service -> service, peer -> {
            ((SSLSocket) peer.socket()).setEnabledProtocols(new String[] {version});
            peer.readHead();
            byte[] got = peer.read(length);
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            peer.write(got);
        });

        try (RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: up.test\r\nContent-Length: " + length + "\r\n\r\n");
            client.send(body);

            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            assertThat(client.read(length)).isEqualTo(body);
        }
    }

    @Test
    void aBodyUntilTheEndIsWholeAfterCloseNotify() {
        start(AUTHORITY.issue("up.test"), service -> service, peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        });

        assertThat(gateway.get("/").body()).isEqualTo("until the end");
    }

    @Test
    void anEndWithoutCloseNotifyIsNotTheEndOfABody() throws Exception {
        try (ServerSocket front = new ServerSocket(0)) {
            RawUpstream behind = RawUpstream.startTls(context(AUTHORITY.issue("up.test")), peer -> {
                peer.readHead();
                peer.write("HTTP/1.1 200 OK\r\n\r\nhalf of");
                peer.read(); // until the relay goes
            });
            upstream = behind;
            Thread relay = new Thread(() -> relay(front, behind.port()));
            relay.setDaemon(true);
            relay.start();
            gateway = TestGateway.start(config(service -> new Service(
                    service.id(),
                    service.name(),
                    service.protocol(),
                    service.host(),
                    front.getLocalPort(),
                    service.path(),
                    0,
                    5_000,
                    5_000,
                    5_000,
                    null,
                    null,
                    null,
                    List.of(),
                    true,
                    List.of(),
                    0,
                    0)));
            try (RawClient client = gateway.client()) {
                client.send("GET / HTTP/1.1\r\nHost: up.test\r\n\r\n");

                assertThat(client.untilEnd()).contains("half of").endsWith("(reset)");
            }
        }
    }

    /** Passes bytes on, and goes without a word half a second after the last. */
    private static void relay(ServerSocket front, int port) {
        try (Socket near = front.accept();
                Socket far = new Socket("127.0.0.1", port)) {
            near.setSoTimeout(500);
            far.setSoTimeout(500);
            Thread back = new Thread(() -> copy(far, near));
            back.setDaemon(true);
            back.start();
            copy(near, far);
            back.join(5_000);
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            byte[] buffer = new byte[4096];
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException e) {
            // time is up
        }
    }

    @Test
    void anUpstreamWithoutTlsIsABadGateway() {
        upstream = RawUpstream.start(peer -> {
            peer.read();
            peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        });
        gateway = TestGateway.start(config(service -> service));

        assertThat(status("up.test")).isEqualTo(502);
    }

    @Test
    void anUpstreamThatDripsItsHandshakeIsTimedOut() {
        upstream = RawUpstream.start(peer -> {
            peer.read(1);
            peer.socket().setSoTimeout(50);
            for (byte one : new byte[] {22, 3, 3, 64, 0, 2, 0, 63, 0, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}) {
                peer.write(new byte[] {one});
                pause(peer);
            }
        });
        gateway = TestGateway.start(config(service -> new Service(
                service.id(),
                service.name(),
                service.protocol(),
                service.host(),
                service.port(),
                null,
                0,
                300,
                5_000,
                5_000,
                null,
                null,
                null,
                List.of(),
                true,
                List.of(),
                0,
                0)));

        long start = System.nanoTime();
        assertThat(status("up.test")).isIn(502, 504);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(3_000);
    }

    /** As long as the peer's read timeout. */
    private static void pause(RawUpstream.Peer peer) throws IOException {
        try {
            while (peer.read() >= 0) {
                // the rest of what was sent
            }
        } catch (SocketTimeoutException e) {
            // that was it
        }
    }

    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
