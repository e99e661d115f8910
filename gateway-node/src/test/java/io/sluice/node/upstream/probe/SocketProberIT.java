package io.sluice.node.upstream.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TlsProfile;
import io.sluice.node.tls.UpstreamTrust;
import io.sluice.state.health.Healthchecks.Active;
import io.sluice.state.health.Healthchecks.Healthy;
import io.sluice.state.health.Healthchecks.Unhealthy;
import io.sluice.state.health.ProbeResult;
import io.sluice.state.health.ProbeResult.Answered;
import io.sluice.state.health.ProbeResult.Refused;
import io.sluice.state.health.ProbeResult.TimedOut;
import io.sluice.state.health.ProbeType;
import io.sluice.state.health.Statuses;
import io.sluice.state.health.TargetAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SocketProberIT {

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Duration SCANT = Duration.ofMillis(300);

    private static ActorSystem system;
    private static CertifiedKey key;
    private static SocketProber prober;

    @BeforeAll
    static void start() throws GeneralSecurityException {
        system = ActorSystem.create("probes");
        key = CertifiedKey.selfSigned(Instant.now());
        prober = new SocketProber(system, new ProbeTls(SocketProberIT::trusting, ForkJoinPool.commonPool()));
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @Test
    void tellsTheStatus() throws Exception {
        try (HostileTarget target = HostileTarget.saying("HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n")) {

            ProbeResult result = probe(target, ProbeType.HTTP, AMPLE);

            assertThat(result).isEqualTo(new Answered(418));
            await().until(target::allEnded);
        }
    }

    @Test
    void asksAsKongDoes() throws Exception {
        try (HostileTarget target = HostileTarget.saying("HTTP/1.0 200 OK\r\n\r\n")) {
            Active how = active(ProbeType.HTTP, AMPLE, "/live?now", Optional.empty(), true);

            prober.probe(address("node.example", target.port()), how, Optional.empty())
                    .toCompletableFuture()
                    .get();
            prober.probe(address("node.example", target.port()), how, Optional.of("shop.example"))
                    .toCompletableFuture()
                    .get();

            assertThat(target.heads())
                    .containsExactlyInAnyOrder(
                            "GET /live?now HTTP/1.0\r\nX-Probe: a\r\nX-Probe: b\r\nHost: node.example\r\n\r\n",
                            "GET /live?now HTTP/1.0\r\nX-Probe: a\r\nX-Probe: b\r\nHost: shop.example\r\n\r\n");
        }
    }

    @Test
    void followsNoRedirect() throws Exception {
        try (HostileTarget elsewhere = HostileTarget.saying("HTTP/1.1 200 OK\r\n\r\n");
                HostileTarget target = HostileTarget.saying(
                        "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:" + elsewhere.port() + "/\r\n\r\n")) {

            ProbeResult result = probe(target, ProbeType.HTTP, AMPLE);

            assertThat(result).isEqualTo(new Answered(301));
            await().until(target::allEnded);
            assertThat(target.connections()).isEqualTo(1);
            assertThat(elsewhere.connections()).isZero();
        }
    }

    @Test
    void leavesALongAnswerToTheTarget() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (HostileTarget target = HostileTarget.start(socket -> {
            HostileTarget.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
            OutputStream out = socket.getOutputStream();
            byte[] block = new byte[1 << 16];
            for (int i = 0; i < 1 << 14; i++) {
                out.write(block);
                sent.addAndGet(block.length);
            }
        })) {

            ProbeResult result = probe(target, ProbeType.HTTP, AMPLE);

            assertThat(result).isEqualTo(new Answered(200));
            await().until(target::allEnded);
            assertThat(sent).hasValueLessThan(64 << 20);
        }
    }

    @Test
    void endsASilentConnection() throws Exception {
        try (HostileTarget target = HostileTarget.start(socket -> {})) {

            ProbeResult result = probe(target, ProbeType.HTTP, SCANT);

            assertThat(result).isEqualTo(new TimedOut());
            await().until(target::allEnded);
        }
    }

    @Test
    void countsTheTimeOverAllOfADrippingAnswer() throws Exception {
        try (HostileTarget target = HostileTarget.start(socket -> {
            while (true) {
                HostileTarget.say(socket, "H");
                TimeUnit.MILLISECONDS.sleep(20);
            }
        })) {

            ProbeResult result = probe(target, ProbeType.HTTP, SCANT);

            assertThat(result).isEqualTo(new TimedOut());
            await().until(target::allEnded);
        }
    }

    @Test
    void takesNonsenseForStatusZero() throws Exception {
        for (String nonsense :
                List.of("SSH-2.0-OpenSSH\r\n", "HTTP/1.1 abc\r\n", "HTTP/1.1 12345\r\n", "\n", "\u0000\u00ff\n")) {
            try (HostileTarget target = HostileTarget.saying(nonsense)) {

                ProbeResult result = probe(target, ProbeType.HTTP, AMPLE);

                assertThat(result).as(nonsense).isEqualTo(new Answered(0));
                await().until(target::allEnded);
            }
        }
    }

    @Test
    void givesUpOnALineWithoutEnd() throws Exception {
        try (HostileTarget target = HostileTarget.start(socket -> {
            while (true) {
                HostileTarget.say(socket, "x".repeat(1024));
            }
        })) {

            ProbeResult result = probe(target, ProbeType.HTTP, AMPLE);

            assertThat(result).isEqualTo(new Answered(0));
            await().until(target::allEnded);
        }
    }

    @Test
    void tellsOfAConnectionThatIsClosedOrReset() throws Exception {
        try (HostileTarget closing = HostileTarget.start(socket -> socket.close());
                HostileTarget resetting = HostileTarget.start(socket -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                })) {

            ProbeResult closed = probe(closing, ProbeType.HTTP, AMPLE);
            ProbeResult reset = probe(resetting, ProbeType.HTTP, AMPLE);

            assertThat(closed).isEqualTo(new Refused("closed without an answer"));
            assertThat(reset).isInstanceOf(Refused.class);
        }
    }

    @Test
    void tellsWhyNothingListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        for (ProbeType type : ProbeType.values()) {
            ProbeResult result = prober.probe(
                            address("localhost", port),
                            active(type, AMPLE, "/", Optional.empty(), true),
                            Optional.empty())
                    .toCompletableFuture()
                    .get();

            assertThat(result).as(type.name()).isEqualTo(new Refused("Connection refused"));
        }
    }

    @Test
    void onlyConnectsForTcp() throws Exception {
        try (HostileTarget target = HostileTarget.start(socket -> {})) {

            ProbeResult result = probe(target, ProbeType.TCP, AMPLE);

            assertThat(result).isEqualTo(new Answered(200));
            await().until(target::allEnded);
            assertThat(target.heads()).containsExactly("");
        }
    }

    @Test
    void asksTlsForTheServersName() throws Exception {
        AtomicReference<String> asked = new AtomicReference<>("");
        try (HostileTarget target = tls(socket -> {
            ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) socket).getSession();
            asked.set(session.getRequestedServerNames().toString());
            HostileTarget.say(socket, "HTTP/1.1 200 OK\r\n\r\n");
        })) {

            ProbeResult result = prober.probe(
                            address("127.0.0.1", target.port()),
                            active(ProbeType.HTTPS, AMPLE, "/", Optional.of("localhost"), true),
                            Optional.of("shop.example"))
                    .toCompletableFuture()
                    .get();

            assertThat(result).isEqualTo(new Answered(200));
            assertThat(asked.get()).contains("localhost");
            await().until(target::allEnded);
        }
    }

    @Test
    void refusesACertificateOfAnotherName() throws Exception {
        try (HostileTarget target = tls(socket -> HostileTarget.say(socket, "HTTP/1.1 200 OK\r\n\r\n"))) {
            TargetAddress address = address("other.example", target.port());

            ProbeResult checked = prober.probe(
                            address, active(ProbeType.HTTPS, AMPLE, "/", Optional.empty(), true), Optional.empty())
                    .toCompletableFuture()
                    .get();
            ProbeResult unchecked = prober.probe(
                            address, active(ProbeType.HTTPS, AMPLE, "/", Optional.empty(), false), Optional.empty())
                    .toCompletableFuture()
                    .get();

            assertThat(checked).isInstanceOf(Refused.class);
            assertThat(checked.toString()).contains("other.example");
            assertThat(unchecked).isEqualTo(new Answered(200));
            await().until(target::allEnded);
        }
    }

    @Test
    void endsAConnectionThatNeverSpeaksTls() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Active how = active(ProbeType.HTTPS, SCANT, "/", Optional.empty(), true);

            ProbeResult result = prober.probe(address("localhost", silent.getLocalPort()), how, Optional.empty())
                    .toCompletableFuture()
                    .get();

            assertThat(result).isEqualTo(new TimedOut());
            try (Socket accepted = silent.accept()) {
                accepted.setSoTimeout(10_000);
                assertThat(hasEnded(accepted)).isTrue();
            }
        }
    }

    /** Reads what was said; a reset is an end too. */
    private static boolean hasEnded(Socket socket) throws IOException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    private static HostileTarget tls(HostileTarget.Script script) throws IOException, GeneralSecurityException {
        return HostileTarget.over(
                CertifiedKey.context(List.of(key))
                        .getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                script);
    }

    private static TlsProfile trusting() {
        try {
            return TlsProfile.of(
                    new TlsProfile.Rules(true, 1, List.of(key.chain().get(0)), null), UpstreamTrust.DEFAULT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ProbeResult probe(HostileTarget target, ProbeType type, Duration timeout) throws Exception {
        return prober.probe(
                        address("localhost", target.port()),
                        active(type, timeout, "/", Optional.empty(), true),
                        Optional.empty())
                .toCompletableFuture()
                .get();
    }

    private static TargetAddress address(String host, int port) {
        return new TargetAddress("shop", host + ":" + port, "127.0.0.1", port);
    }

    static Active active(ProbeType type, Duration timeout, String path, Optional<String> sni, boolean verify) {
        Statuses none = Statuses.of(List.of());
        return new Active(
                type,
                timeout,
                10,
                path,
                sni,
                verify,
                Map.of("X-Probe", List.of("a", "b")),
                new Healthy(Duration.ZERO, none, 0),
                new Unhealthy(Duration.ZERO, none, 0, 0, 0));
    }
}
